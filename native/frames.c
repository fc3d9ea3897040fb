/* The frame of a line: all of its bytes but the insides of texts and numbers that no rule on structure looks at.
 *
 * What this comes to is told in alike.py, where its twin is, a pattern.
 */

#include "export.h"
#include "strings.h"

/* A digit before so many others is that of a number too large for some readers; more than the most are not gone into. */
enum { LARGE_LEAST = 16, LARGE_MOST = 300, SMALL_MOST = 14, FRACTION_MOST = 25, EXPONENT_MOST = 2 };

static const uint8_t *skip_blanks(const uint8_t *at, const uint8_t *end) {
    while (at < end && (*at == ' ' || *at == '\t')) at++;
    return at;
}

/* Where the inside of a string stops that begins here: at its quote, or what must not stand in it. */
static const uint8_t *inside_end(const uint8_t *at, const uint8_t *end) {
    while ((at = special_byte(at, end)) < end) {
        int32_t point;
        int size = *at >= 0x80 ? 1 : *at == '\\' ? escape_size(at, end, &point) : 0;
        if (!size) break;
        at += size;
    }
    return at;
}

/* Whether a key is one of those that rules look at more closely; `looked_at` has a byte 1 before and behind each. */
static int is_looked_at(const uint8_t *key, size_t size, const char *looked_at) {
    while (*looked_at++ && *looked_at) {
        const char *stop = strchr(looked_at, 1);
        if (!stop) return 0;
        if ((size_t)(stop - looked_at) == size && !memcmp(looked_at, key, size)) return 1;
        looked_at = stop;
    }
    return 0;
}

/* Where the value of the key begins whose quote is here; NULL if it is no key, or one that is looked at. */
static const uint8_t *value_start(const uint8_t *quote, const uint8_t *end, const char *looked_at) {
    const uint8_t *stop = quote + 1;
    while ((stop = special_byte(stop, end)) < end && *stop >= 0x80) stop++;
    if (stop == end || *stop != '"') return NULL;
    const uint8_t *colon = skip_blanks(stop + 1, end);
    if (colon == end || *colon != ':' || is_looked_at(quote + 1, (size_t)(stop - quote - 1), looked_at)) return NULL;
    return skip_blanks(colon + 1, end);
}

/* Whether a text begins so that it shows something for certain. */
static int is_shown(const uint8_t *at, const uint8_t *end) {
    while (at < end) {
        if (*at == ' ') {
            at++;
        } else if (*at == '\\' && end - at > 1 && (at[1] == 'n' || at[1] == 'r' || at[1] == 't')) {
            at += 2;
        } else {
            break;
        }
    }
    if (at == end) return 0;
    if (*at == '\\') {
        if (end - at > 1 && (at[1] == '"' || at[1] == '\\' || at[1] == '/')) return 1;
        int32_t unit = escaped_unit(at, end);
        return (unit >= 0x400 && unit <= 0x4FF) || (unit >= 0x4000 && unit <= 0x9FFF);
    }
    /* Bytes with which some character begins that can't be seen. */
    return *at > ' ' && *at != '"' && *at != 0x7F && !(*at >= 0x80 && strchr("\xC2\xCD\xD8\xE1\xE2\xE3\xEF\xF3", *at));
}

static const uint8_t *skip_digits(const uint8_t *at, const uint8_t *end, int most) {
    while (most-- && at < end && is_between(*at, '0', '9')) at++;
    return at;
}

static int ends_number(const uint8_t *at, const uint8_t *end) {
    return at < end && (*at == ' ' || *at == '\t' || *at == ',' || *at == '}');
}

/* Where a number ends that begins here and that every reader takes as it stands; NULL if there is none. */
static const uint8_t *number_end(const uint8_t *at, const uint8_t *end) {
    if (at < end && *at == '-') at++;
    if (at == end || !is_between(*at, '0', '9')) return NULL;
    at = *at == '0' ? at + 1 : skip_digits(at + 1, end, SMALL_MOST);
    if (at < end && *at == '.') {
        const uint8_t *fraction = at + 1;
        at = skip_digits(fraction, end, FRACTION_MOST);
        if (at == fraction) return NULL;
    }
    if (at < end && (*at | 0x20) == 'e') {
        const uint8_t *exponent = at + 1;
        if (exponent < end && (*exponent == '+' || *exponent == '-')) exponent++;
        at = skip_digits(exponent, end, EXPONENT_MOST);
        if (at == exponent) return NULL;
    }
    return ends_number(at, end) ? at : NULL;
}

/* What is cut out of a value: from `start` up to `stop`; nothing if there is no `start`. */
struct cut {
    const uint8_t *start, *stop;
};

static struct cut cut_of(const uint8_t *value, const uint8_t *end) {
    struct cut none = {NULL, NULL};
    if (value == end) return none;
    if (*value == '"') {
        const uint8_t *stop = is_shown(value + 1, end) ? inside_end(value + 1, end) : end;
        return stop < end && *stop == '"' ? (struct cut){value + 1, stop + 1} : none;
    }
    const uint8_t *digit = value + (*value == '-');
    if (digit < end && is_between(*digit, '1', '9')) {
        const uint8_t *stop = skip_digits(digit + 1, end, LARGE_MOST);
        if (stop - digit > LARGE_LEAST) return ends_number(stop, end) ? (struct cut){digit + 1, stop} : none;
    }
    const uint8_t *stop = number_end(value, end);
    return stop ? (struct cut){value, stop} : none;
}

/* Whether a string that stops here ends what can be read of its line, whatever follows. */
static int is_broken(const uint8_t *stop, const uint8_t *end) {
    if (stop == end || *stop < 0x20) return 1;
    return end - stop == 1 || !stop[1] || !strchr("\"\\/bfnrtu", stop[1]);
}

static uint8_t *put(uint8_t *out, const uint8_t *from, const uint8_t *to) {
    memcpy(out, from, (size_t)(to - from));
    return out + (to - from);
}

/* Writes the frame of a line into `out`, which has room for two bytes more than the line; says how many bytes it has. */
EXPORT int64_t frame(const uint8_t *line, int64_t size, const char *looked_at, uint8_t *out) {
    const uint8_t *end = line + size, *kept = line, *quote = line;
    uint8_t *start = out;
    while ((quote = memchr(quote, '"', (size_t)(end - quote)))) {
        const uint8_t *value = value_start(quote, end, looked_at);
        struct cut cut = value ? cut_of(value, end) : (struct cut){NULL, NULL};
        if (cut.start) {
            out = put(out, kept, cut.start);
            *out++ = '\n';
            kept = quote = cut.stop;
            continue;
        }
        const uint8_t *stop = inside_end(quote + 1, end);
        if (stop < end && *stop == '"') {
            quote = stop + 1;
            continue;
        }
        if (is_broken(stop, end)) {
            out = put(out, kept, quote + 1);
            *out++ = '\n';
            *out++ = '\n';
            return out - start;
        }
        break;
    }
    return put(out, kept, end) - start;
}
