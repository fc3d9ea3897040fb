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

/* The fingerprint of a message's text; says whether there is one. `scratch` has room for as many bytes as the text. */
static int read_text(const struct spoken *message, uint8_t *scratch, uint64_t *print) {
    int has_escapes;
    if (message->content != TEXT || message->parts || message->calls) return 0;
    if (string_end(message->text, message->quote + 1, &has_escapes) != message->quote) return 0;
    const uint8_t *start = message->text, *end = message->quote;
    if (has_escapes) {
        end = unescaped(start, end, scratch);
        start = scratch;
    }
    *print = xxh64(start, (size_t)(end - start), 0);
    return 1;
}

/* Whether the role of a message is told, and that of a system message. */
static int is_system(const struct spoken *message, int *is_told) {
    const uint8_t *start = message->role, *stop = message->role_quote;
    *is_told = !stop || !memchr(start, '\\', (size_t)(stop - start));
    return stop && (is_spelled(start, stop, "system") || is_spelled(start, stop, "developer"));
}

/* Takes in the fingerprint of the message that has just been read; says whether all is told. */
static int take_message(const struct spoken *message, const uint8_t *line, uint8_t *digests, int64_t number, uint8_t *scratch,
                        struct prints *out) {
    uint64_t print;
    if (number == MOST_MESSAGES || !read_text(message, scratch, &print)) return 0;
    for (int index = 0; index < DIGEST; index++) digests[DIGEST * number + index] = (uint8_t)(print >> (56 - 8 * index));
    if (number) return 1;
    int is_told;
    if (is_system(message, &is_told)) {
        out->system = print;
        out->system_start = message->text - line;
        out->system_end = message->quote - line;
    }
    return is_told;
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
    const uint8_t *answer = digests + DIGEST * (in.count - 1);
    out->prompt = in.count > 1 ? xxh64(digests, (size_t)(answer - digests), 0) : xxh64(answer, DIGEST, 0);
    out->example = xxh64(answer, DIGEST, out->prompt);
    return 1;
}
