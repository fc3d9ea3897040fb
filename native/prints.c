/* The fingerprints of a line that is not plain, as long as each of its messages has a text and calls nothing.
 *
 * What they are made of is told in prints.py, where its twin is.
 */

#include "export.h"
#include "messages.h"

enum { MOST_MESSAGES = 64, DIGEST = 8 };

/* The fingerprints of what is asked, of the whole, and of a system message at the head, and where the text of that stands; 0 if
 * there is none. */
struct prints {
    uint64_t prompt, example, system;
    int64_t system_start, system_end;
};

/* Writes what a string says into `out`: half of a pair of surrogates by itself, and U+FFFD for bytes that are no UTF-8. Returns
 * where that ends, three times as far as the string at most; NULL if there is an escape that is none. */
static uint8_t *read_broken(const uint8_t *at, const uint8_t *end, uint8_t *out) {
    while (at < end) {
        int32_t point = *at;
        int size = 1;
        if (*at == '\\') {
            if (!(size = any_escape_size(at, end, &point))) return NULL;
            out = put_character(out, point);
        } else if (*at < 0x80) {
            *out++ = *at;
        } else {
            struct character found = character_at(at, end);
            size = found.valid;
            if (found.valid == found.size) memcpy(out, at, (size_t)size), out += size;
            else out = put_character(out, 0xFFFD);
        }
        at += size;
    }
    return out;
}

/* The fingerprint of a message's text; says whether there is one. `scratch` has room for three times as many bytes as the text. */
static int read_text(const struct spoken *message, uint8_t *scratch, uint64_t *print, int *is_broken) {
    int has_escapes;
    if (message->content != TEXT || message->parts || message->calls) return 0;
    const uint8_t *start = message->text, *end = message->quote;
    *is_broken = string_end(start, end + 1, &has_escapes) != end;
    if (*is_broken || has_escapes) {
        end = *is_broken ? read_broken(start, end, scratch) : unescaped(start, end, scratch);
        start = scratch;
    }
    if (!end) return 0;
    *print = xxh64(start, (size_t)(end - start), 0);
    return 1;
}

/* Whether the role of a message is told: it may be spelled with escapes. */
static int tells_role(const struct spoken *message) {
    const uint8_t *start = message->role, *stop = message->role_quote;
    return !stop || !memchr(start, '\\', (size_t)(stop - start));
}

static int has_role(const struct spoken *message, const char *role) {
    return message->role_quote && is_spelled(message->role, message->role_quote, role);
}

/* Takes in the fingerprint of the message that has just been read; says whether all is told. */
static int take_message(const struct spoken *message, const uint8_t *line, uint8_t *digests, int64_t number, uint8_t *scratch,
                        struct prints *out) {
    uint64_t print;
    int is_broken;
    if (number == MOST_MESSAGES || !read_text(message, scratch, &print, &is_broken)) return 0;
    for (int index = 0; index < DIGEST; index++) digests[DIGEST * number + index] = (uint8_t)(print >> (56 - 8 * index));
    if (number) return 1;
    if (!tells_role(message)) return 0;
    if (has_role(message, "system") || has_role(message, "developer")) {
        if (is_broken) return 0;
        out->system = print;
        out->system_start = message->text - line;
        out->system_end = message->quote - line;
    }
    return 1;
}

/* Gives the fingerprints of a line that is JSON; says whether it could. */
EXPORT int64_t read_prints(const uint8_t *line, int64_t size, uint8_t *scratch, struct prints *out) {
    struct walk in = {.at = line, .end = line + size};
    uint8_t digests[DIGEST * MOST_MESSAGES];
    *out = (struct prints){0};
    while (in.at < in.end) {
        int64_t count = in.count;
        if (!walk_on(&in)) return 0;
        if (in.count > count && count && !take_message(&in.before, line, digests, count - 1, scratch, out)) return 0;
    }
    if (!in.count || in.tools || !take_message(&in.message, line, digests, in.count - 1, scratch, out)) return 0;
    if (!tells_role(&in.message)) return 0;
    size_t all = (size_t)(DIGEST * in.count), asked = has_role(&in.message, "assistant") ? all - DIGEST : 0;
    out->prompt = xxh64(digests, asked ? asked : all, 0);
    out->example = xxh64(digests + asked, all - asked, out->prompt);
    return 1;
}
