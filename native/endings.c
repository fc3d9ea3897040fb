/* How the last answers of lines end: whether in the middle of a sentence perhaps, or in a loop.
 *
 * Of most lines their bytes say that; the others are told, to be looked at in another way.
 */

#include "export.h"
#include "messages.h"

/* A line, and where the text of its last answer begins and ends, white space at its end aside; both are where the line begins
 * if it has none, -1 where that is in doubt. */
struct ending {
    int64_t start, stop, text, text_end;
};

/* How long a text with a loop is at least, its last bytes, which are looked for before, and how far back: as in
 * rules/qlt/repetition.py. */
struct loop {
    int64_t length, same, probe, reach;
};

static const char CLOSING[] = "}]}", KEY[] = "\"content\"";
enum { CLOSING_SIZE = 3, KEY_SIZE = 9, KEY_REACH = 4 };

/* White space beyond that of ASCII, and the controls that count as such; the ranges are of code points. */
static const int32_t BLANKS[][2] = {{0x09, 0x0D},     {0x1C, 0x20},     {0x85, 0x85},     {0xA0, 0xA0},     {0x1680, 0x1680},
                                    {0x2000, 0x200A}, {0x2028, 0x2029}, {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000}};

static int is_blank(int32_t point) {
    for (size_t index = 0; index < sizeof BLANKS / sizeof *BLANKS; index++)
        if (point >= BLANKS[index][0] && point <= BLANKS[index][1]) return 1;
    return 0;
}

static int ends_line_of_json(uint8_t byte) { return byte == '}' || byte == ' ' || byte == '\r' || byte == '\t'; }

/* The last quote before `end` that no backslash stands before; NULL if there is none from `start` on. */
static const uint8_t *opening_quote(const uint8_t *start, const uint8_t *end) {
    for (;;) {
        while (end - start >= 16) {
            chunk bytes;
            memcpy(&bytes, end - 16, sizeof bytes);
            chunk quotes = bytes == '"';
            if (word_at((const uint8_t *)&quotes) || word_at((const uint8_t *)&quotes + 8)) break;
            end -= 16;
        }
        while (end > start && end[-1] != '"') end--;
        if (end - start < 2) return NULL;
        end--;
        if (end[-1] != '\\') return end;
    }
}

/* The code point of the character of two or three bytes that ends here, were it white space. */
static int32_t point_before(const uint8_t *end, int size) {
    int32_t low = (end[-2] & 0x3F) << 6 | (end[-1] & 0x3F);
    return size == 2 ? low & 0x7FF : (end[-3] & 0xF) << 12 | low;
}

/* How many bytes the white space has that ends here, spelled in any way; 0 if there is none. */
static int blank_size(const uint8_t *start, const uint8_t *end) {
    ptrdiff_t size = end - start;
    if (size >= 1 && end[-1] == ' ') return 1;
    if (size >= 2 && end[-2] == '\\' && strchr("ntrf", end[-1])) return 2;
    if (size >= 6 && is_blank(escaped_unit(end - 6, end))) return 6;
    if (size >= 2 && end[-2] == 0xC2) return is_blank(point_before(end, 2)) ? 2 : 0;
    if (size >= 3 && is_between(end[-3], 0xE1, 0xE3) && end[-2] >= 0x80) return is_blank(point_before(end, 3)) ? 3 : 0;
    return 0;
}

/* Where a text ends without the white space at its end. */
static const uint8_t *without_space(const uint8_t *start, const uint8_t *end) {
    int size;
    while ((size = blank_size(start, end))) end -= size;
    return end;
}

/* Whether the content of a message ends at this quote, and where it begins then. */
static int is_content(const uint8_t *start, const uint8_t *quote, const uint8_t **text) {
    const uint8_t *opening = opening_quote(start, quote);
    if (!opening) return 0;
    *text = opening + 1;
    for (const uint8_t *key = opening - KEY_SIZE; key >= opening - KEY_SIZE - KEY_REACH && key > start; key--)
        if (memcmp(key, KEY, KEY_SIZE) == 0) return 1;
    return 0;
}

static int ends_with(const uint8_t *start, const uint8_t *stop, const char *bytes, ptrdiff_t size) {
    return stop - start > size && memcmp(stop - size, bytes, (size_t)size) == 0;
}

/* Where the text ends after which a message has a weight and no more; else `end`, the bracket that ends the message. */
static const uint8_t *before_weight(const uint8_t *start, const uint8_t *end) {
    static const char SIGNS[] = ":\"thgiew\",";
    const uint8_t *at = end - 1;
    if (at <= start || !is_between(*at, '0', '9')) return end;
    for (const char *sign = SIGNS; *sign; sign++) {
        do at--;
        while (at > start && *at == ' ');
        if (*at != (uint8_t)*sign) return end;
    }
    return at;
}

/* Whether a list in a line is followed by another key: then the messages may stand anywhere in it. */
static int has_key_after_list(const uint8_t *start, const uint8_t *end) {
    const uint8_t *at = start;
    while ((at = memchr(at, ']', (size_t)(end - at)))) {
        at = skip_blanks(at + 1, end);
        if (at == end || *at != ',') continue;
        at = skip_blanks(at + 1, end);
        if (at < end && *at == '"') return 1;
    }
    return 0;
}

/* The quote that ends the last text of a line that ends as most do; NULL of others. */
static const uint8_t *closing_quote(const uint8_t *start, const uint8_t *stop) {
    if (!ends_with(start, stop, CLOSING, CLOSING_SIZE) || has_key_after_list(start, stop)) return NULL;
    const uint8_t *quote = before_weight(start, stop - CLOSING_SIZE) - 1;
    return quote > start && *quote == '"' ? quote : NULL;
}

/* The text of the last message of a line, found from its start. */
static enum content last_text(const uint8_t *start, const uint8_t *stop, const uint8_t **text, const uint8_t **quote) {
    struct walk in = {.at = start, .end = stop};
    while (in.at < stop)
        if (!walk_on(&in)) return DOUBT;
    *text = in.message.text;
    *quote = in.message.quote;
    return in.message.content;
}

/* The last answer of a line: most end in a way in which it shows at once. */
static struct ending ending_of(const uint8_t *block, const uint8_t *start, const uint8_t *stop) {
    struct ending ending = {start - block, stop - block, -1, -1};
    const uint8_t *quote = closing_quote(start, stop), *text;
    if (!quote || !is_content(start, quote, &text)) {
        enum content last = last_text(start, stop, &text, &quote);
        if (last == DOUBT) return ending;
        if (last == NO_TEXT) text = quote = start;
    }
    ending.text = text - block;
    ending.text_end = without_space(text, quote) - block;
    return ending;
}

/* Whether what ends at `end` is the same as what stands so many bytes before it. */
static int is_same(const uint8_t *block, const uint8_t *end, ptrdiff_t period, const struct loop *loop) {
    const uint8_t *last = end - loop->same;
    return last - block >= period && memcmp(last, last - period, (size_t)loop->same) == 0;
}

/* Whether a text may end in a loop: its last bytes stand a little before too, and those before them are the same. */
static int may_be_loop(const uint8_t *block, const uint8_t *text, const uint8_t *end, const struct loop *loop) {
    if (end - text < loop->length) return 0;
    const uint8_t *probe = end - loop->probe, *at = end - text > loop->reach ? end - loop->reach : text;
    int8_t first = (int8_t)probe[0], last = (int8_t)probe[loop->probe - 1];
    for (; probe - at >= 16; at += 16) {
        chunk heads, tails;
        memcpy(&heads, at, sizeof heads);
        memcpy(&tails, at + loop->probe - 1, sizeof tails);
        chunk both = (heads == first) & (tails == last);
        if (!word_at((const uint8_t *)&both) && !word_at((const uint8_t *)&both + 8)) continue;
        for (int index = 0; index < 16; index++)
            if (both[index] && is_same(block, end, probe - at - index, loop)) return 1;
    }
    for (; at < probe; at++)
        if (is_same(block, end, probe - at, loop)) return 1;
    return 0;
}

/* The next line of a block from `start` on: where it stops. */
static const uint8_t *line_stop(const uint8_t *start, const uint8_t *end) {
    const uint8_t *found = memchr(start, '\n', (size_t)(end - start));
    return found ? found : end;
}

/* Whether there is more to be said of an answer, by what a search is for. */
typedef int is_suspect(const uint8_t *block, const struct ending *ending, const void *wanted);

/* Finds the lines from `start` on whose last answer is suspect or in doubt; no more than there is room for. */
static int64_t find(const uint8_t *block, int64_t size, int64_t start, is_suspect *suspects, const void *wanted,
                    struct ending *found, int64_t room) {
    int64_t count = 0;
    const uint8_t *end = block + size, *stop;
    for (const uint8_t *line = block + start; line < end && count < room; line = stop + 1) {
        stop = line_stop(line, end);
        if (stop == line || !ends_line_of_json(stop[-1])) continue;
        struct ending ending = ending_of(block, line, stop);
        if (ending.text < 0 || suspects(block, &ending, wanted)) found[count++] = ending;
    }
    return count;
}

static int ends_in_loop(const uint8_t *block, const struct ending *ending, const void *loop) {
    return may_be_loop(block, block + ending->text, block + ending->text_end, loop);
}

/* Whether an answer ends with none of some bytes. */
static int is_unended(const uint8_t *block, const struct ending *ending, const void *is_end) {
    return ending->text < ending->text_end && !((const uint8_t *)is_end)[block[ending->text_end - 1]];
}

/* Finds the lines from `start` on whose last answer may end in a loop; no more than there is room for. */
EXPORT int64_t find_loops(const uint8_t *block, int64_t size, int64_t start, const struct loop *loop, struct ending *found,
                          int64_t room) {
    return find(block, size, start, ends_in_loop, loop, found, room);
}

/* Finds the lines from `start` on whose last answer does not end with one of these bytes; no more than there is room for. */
EXPORT int64_t find_unended(const uint8_t *block, int64_t size, int64_t start, const uint8_t *is_end, struct ending *found,
                            int64_t room) {
    return find(block, size, start, is_unended, is_end, found, room);
}
