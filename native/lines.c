/* The gate for plain lines: chats of texts and nothing else, which most lines are.
 *
 * A line is proved to be one object on one line, `{"messages": [{"role": ..., "content": ...}, ...]}`: valid JSON in valid
 * UTF-8, each key once and none that its role does not take, every content with something to see. What is not proved is in
 * doubt; its lines are looked at in another way. Nothing is allocated, and nothing is read or written beyond what is given.
 */

#include "export.h"
#include "strings.h"

enum { SYSTEM, USER, ASSISTANT, ROLES };
enum { ROLE = 1, CONTENT = 2, NAME = 4, WEIGHT = 8 };

/* The order of roles is a number: a one, and two bits for each message. */
enum { MOST_MESSAGES = 31, LONGEST_NAME = 64 };

static const char *const NAMES[ROLES] = {"system\"", "user\"", "assistant\""};

/* What the target takes: the keys of each role (0 for a role that it does not know), the weights as bits; and for each byte
 * whether a character that begins with it shows on a page. */
struct shape {
    uint32_t keys[ROLES];
    uint32_t weights;
    uint8_t shows[256];
};

/* What is known of a line: where its line feed stands, the order of its roles (0 if the line is in doubt), the fingerprints
 * of what is asked and of the whole, that of a system message at its head and where that stands (0 if there is none). */
struct line {
    int64_t end;
    uint64_t order, prompt, example, system;
    int64_t system_start, system_end, crlf;
};

struct message {
    uint32_t seen;
    int role, weight, has_escapes;
    const uint8_t *content, *content_end;
};

struct reader {
    const uint8_t *at, *end;
    uint8_t *scratch;
    const struct shape *shape;
};

static void skip_space(struct reader *in) {
    while (in->at < in->end && (*in->at == ' ' || *in->at == '\t')) in->at++;
}

/* Whether these bytes come next, which are then passed over. */
static int takes(struct reader *in, const char *bytes) {
    size_t size = strlen(bytes);
    if ((size_t)(in->end - in->at) < size || memcmp(in->at, bytes, size) != 0) return 0;
    in->at += size;
    return 1;
}

/* Whether this sign of JSON comes next, with white space around it. */
static int takes_sign(struct reader *in, uint8_t sign) {
    skip_space(in);
    if (in->at >= in->end || *in->at != sign) return 0;
    in->at++;
    skip_space(in);
    return 1;
}

static uint32_t read_key(struct reader *in) {
    uint32_t key = takes(in, "\"role\"")      ? ROLE
                   : takes(in, "\"content\"") ? CONTENT
                   : takes(in, "\"name\"")    ? NAME
                   : takes(in, "\"weight\"")  ? WEIGHT
                                              : 0;
    return takes_sign(in, ':') ? key : 0;
}

static int read_role(struct reader *in, struct message *message) {
    if (!takes(in, "\"")) return 0;
    for (message->role = 0; message->role < ROLES; message->role++)
        if (takes(in, NAMES[message->role])) return 1;
    return 0;
}

/* Whether a string has something to see. Of what is written as \u.... nothing is known. */
static int is_visible(const uint8_t *at, const uint8_t *end, const uint8_t *shows) {
    for (; at < end; at++) {
        if (*at != '\\') {
            if (shows[*at]) return 1;
            continue;
        }
        at++;
        if (*at == '"' || *at == '\\' || *at == '/') return 1;
        if (*at == 'u') at += 4;
    }
    return 0;
}

static int read_content(struct reader *in, struct message *message) {
    if (!takes(in, "\"")) return 0;
    message->content = in->at;
    message->content_end = string_end(in->at, in->end, &message->has_escapes);
    if (!message->content_end) return 0;
    in->at = message->content_end + 1;
    return is_visible(message->content, message->content_end, in->shape->shows);
}

static int read_name(struct reader *in) {
    if (!takes(in, "\"")) return 0;
    const uint8_t *start = in->at;
    for (; in->at < in->end; in->at++) {
        uint8_t byte = *in->at, letter = byte | 0x20;
        if (!is_between(letter, 'a', 'z') && !is_between(byte, '0', '9') && byte != '_' && byte != '-') break;
    }
    return in->at > start && in->at - start <= LONGEST_NAME && takes(in, "\"");
}

static int read_weight(struct reader *in, struct message *message) {
    if (in->end - in->at < 2 || !is_between(*in->at, '0', '9')) return 0;
    message->weight = *in->at++ - '0';
    return in->shape->weights >> message->weight & 1 && (*in->at == ',' || *in->at == '}' || *in->at == ' ');
}

static int read_value(struct reader *in, uint32_t key, struct message *message) {
    switch (key) {
    case ROLE: return read_role(in, message);
    case CONTENT: return read_content(in, message);
    case NAME: return read_name(in);
    case WEIGHT: return read_weight(in, message);
    default: return 0;
    }
}

static int read_message(struct reader *in, struct message *message) {
    *message = (struct message){.weight = 1};
    if (!takes_sign(in, '{')) return 0;
    do {
        uint32_t key = read_key(in);
        if (message->seen & key || !read_value(in, key, message)) return 0;
        message->seen |= key;
    } while (takes_sign(in, ','));
    uint32_t needed = ROLE | CONTENT;
    return takes_sign(in, '}') && (message->seen & needed) == needed && !(message->seen & ~in->shape->keys[message->role]);
}

static uint64_t fingerprint(struct reader *in, const struct message *message) {
    const uint8_t *start = message->content, *end = message->content_end;
    if (message->has_escapes) {
        end = unescaped(start, end, in->scratch);
        start = in->scratch;
    }
    return xxh64(start, (size_t)(end - start), 0);
}

/* Fingerprints are put together as their digests are written: the highest byte first. */
static void put_digest(uint8_t *out, uint64_t hash) {
    for (int index = 0; index < 8; index++) out[index] = (uint8_t)(hash >> (56 - 8 * index));
}

static int read_messages(struct reader *in, const uint8_t *block, struct line *line) {
    uint8_t digests[8 * MOST_MESSAGES];
    uint64_t order = 1, hash = 0;
    size_t count = 0;
    int has_weights = 0, is_trained = 0, is_answered = 0;
    do {
        struct message message;
        if (count == MOST_MESSAGES || !read_message(in, &message)) return 0;
        hash = fingerprint(in, &message);
        if (count == 0 && message.role == SYSTEM) {
            line->system = hash;
            line->system_start = message.content - block;
            line->system_end = message.content_end - block;
        }
        put_digest(digests + 8 * count++, hash);
        order = order << 2 | (uint64_t)message.role;
        has_weights |= (message.seen & WEIGHT) != 0;
        is_answered = message.role == ASSISTANT;
        is_trained |= message.role == ASSISTANT && message.weight != 0;
    } while (takes_sign(in, ','));
    if (has_weights && !is_trained) return 0;
    size_t asked = is_answered ? 8 * (count - 1) : 0;
    line->prompt = xxh64(digests, asked ? asked : 8 * count, 0);
    line->example = xxh64(digests + asked, 8 * count - asked, line->prompt);
    line->order = order;
    return 1;
}

static int takes_opening(struct reader *in) {
    if (!takes(in, "{")) return 0;
    skip_space(in);
    return takes(in, "\"messages\"") && takes_sign(in, ':') && takes_sign(in, '[');
}

/* Whether the line that begins here is proved; then the reader has come to its line feed. */
static int read_line(struct reader *in, const uint8_t *block, struct line *line) {
    if (!takes_opening(in)) return 0;
    if (!read_messages(in, block, line) || !takes_sign(in, ']') || !takes(in, "}")) return 0;
    line->crlf = takes(in, "\r");
    return in->at < in->end && *in->at == '\n';
}

/* Reads the lines of a block that ends with a line feed; `scratch` has room for as many bytes. Returns how many lines there
 * are, -1 if there are more than `capacity`. */
EXPORT int64_t read_lines(const uint8_t *block, int64_t size, const struct shape *shape, uint8_t *scratch,
                          struct line *lines, int64_t capacity) {
    struct reader in = {block, block + size, scratch, shape};
    int64_t count = 0;
    while (in.at < in.end) {
        if (count == capacity) return -1;
        const uint8_t *start = in.at;
        struct line line = {0};
        if (!read_line(&in, block, &line)) {
            line = (struct line){0};
            in.at = memchr(start, '\n', (size_t)(in.end - start));
            if (!in.at) return -1;
        }
        line.end = in.at++ - block;
        lines[count++] = line;
    }
    return count;
}

/* Writes what the contents of the messages of a line say, each of which ends at its place in `ends`; NULL if there is no room
 * for so many, or some message has a name or a weight, or the line is not proved. Returns where to go on in `ends`. */
static uint64_t *read_contents_of_line(struct reader *in, const uint8_t *out, uint64_t *ends, const uint64_t *last) {
    if (!takes_opening(in)) return NULL;
    do {
        struct message message;
        if (ends == last || !read_message(in, &message) || message.seen != (ROLE | CONTENT)) return NULL;
        in->scratch = unescaped(message.content, message.content_end, in->scratch);
        *ends++ = (uint64_t)(in->scratch - out);
    } while (takes_sign(in, ','));
    if (!takes_sign(in, ']') || !takes(in, "}")) return NULL;
    takes(in, "\r");
    return takes(in, "\n") ? ends : NULL;
}

/* Writes what the contents of messages say, one after the other, into `out`, which has room for as many bytes as the lines.
 * Each ends at its place in `ends`, which has room for `capacity`. Returns how many there are; -1 if there are more, or some
 * message has a name or a weight, or some line is not proved. */
EXPORT int64_t read_contents(const uint8_t *block, int64_t size, const struct shape *shape, uint8_t *out, uint64_t *ends,
                             int64_t capacity) {
    struct reader in = {block, block + size, out, shape};
    uint64_t *next = ends;
    while (in.at < in.end) {
        next = read_contents_of_line(&in, out, next, ends + capacity);
        if (!next) return -1;
    }
    return next - ends;
}
