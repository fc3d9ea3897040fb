/* Strings of JSON in UTF-8: where they end, whether all in them is valid, and what they say. */

#ifndef STRINGS_H
#define STRINGS_H

#include <stddef.h>

#include "xxh64.h"

typedef int8_t chunk __attribute__((vector_size(16)));

/* How many bytes from here on, of the next 16, say nothing but themselves. Bytes from 0x80 on are negative. */
static inline int plain_bytes(const uint8_t *at) {
    chunk bytes;
    memcpy(&bytes, at, sizeof bytes);
    chunk special = (bytes < 0x20) | (bytes == '"') | (bytes == '\\');
    uint64_t low = word_at((const uint8_t *)&special), high = word_at((const uint8_t *)&special + 8);
    if (low) return __builtin_ctzll(low) / 8;
    return high ? 8 + __builtin_ctzll(high) / 8 : 16;
}

/* The first byte from here on that says more than itself: a quote, a backslash, a control or a byte beyond ASCII. */
static inline const uint8_t *special_byte(const uint8_t *at, const uint8_t *end) {
    while (end - at >= 16) {
        int count = plain_bytes(at);
        at += count;
        if (count < 16) return at;
    }
    while (at < end && *at >= 0x20 && *at < 0x80 && *at != '"' && *at != '\\') at++;
    return at;
}

/* A string: its first byte, and the quote that ends it. */
struct text {
    const uint8_t *start, *stop;
};

static inline int says(struct text text, const char *word) {
    size_t size = strlen(word);
    return (size_t)(text.stop - text.start) == size && !memcmp(text.start, word, size);
}

static inline const uint8_t *skip_blanks(const uint8_t *at, const uint8_t *end) {
    while (at < end && (*at == ' ' || *at == '\t')) at++;
    return at;
}

static inline int is_between(uint8_t byte, uint8_t low, uint8_t high) { return byte >= low && byte <= high; }

/* How many bytes from here on begin a character beyond ASCII, and how many it has (RFC 3629, section 4). */
struct character {
    int valid, size;
};

static inline struct character character_at(const uint8_t *at, const uint8_t *end) {
    uint8_t lead = at[0];
    int size = is_between(lead, 0xC2, 0xDF) ? 2 : is_between(lead, 0xE0, 0xEF) ? 3 : is_between(lead, 0xF0, 0xF4) ? 4 : 0;
    uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    int valid = 1;
    while (valid < size && end - at > valid && is_between(at[valid], low, high)) {
        valid++;
        low = 0x80;
        high = 0xBF;
    }
    return (struct character){valid, size};
}

/* How many bytes the character beyond ASCII has that begins here; 0 if these are no UTF-8. */
static inline int character_size(const uint8_t *at, const uint8_t *end) {
    struct character found = character_at(at, end);
    return found.valid == found.size ? found.size : 0;
}

/* The value of a digit of base 16; -1 if it is none. */
static inline int digit_value(uint8_t byte) {
    if (is_between(byte, '0', '9')) return byte - '0';
    byte |= 0x20;
    return is_between(byte, 'a', 'f') ? byte - 'a' + 10 : -1;
}

/* The number in an escape \uXXXX that begins here; -1 if it is none. */
static inline int32_t escaped_unit(const uint8_t *at, const uint8_t *end) {
    if (end - at < 6 || at[0] != '\\' || at[1] != 'u') return -1;
    int32_t unit = 0;
    for (int index = 2; index < 6; index++) {
        int digit = digit_value(at[index]);
        if (digit < 0) return -1;
        unit = unit << 4 | digit;
    }
    return unit;
}

/* How many bytes the escape has that begins here, a pair of surrogates being one; 0 if it is none. Says its code point. */
static inline int any_escape_size(const uint8_t *at, const uint8_t *end, int32_t *point) {
    static const char LETTERS[] = "\"\\/bfnrt", MEANINGS[] = "\"\\/\b\f\n\r\t";
    if (end - at < 2) return 0;
    if (at[1] != 'u') {
        const char *letter = at[1] ? strchr(LETTERS, at[1]) : NULL;
        if (!letter) return 0;
        *point = MEANINGS[letter - LETTERS];
        return 2;
    }
    int32_t unit = escaped_unit(at, end);
    *point = unit;
    if (unit < 0xD800 || unit > 0xDBFF) return unit < 0 ? 0 : 6;
    int32_t second = escaped_unit(at + 6, end);
    if (second < 0xDC00 || second > 0xDFFF) return 6;
    *point = 0x10000 + ((unit - 0xD800) << 10) + (second - 0xDC00);
    return 12;
}

/* The same; 0 also for half of a pair. */
static inline int escape_size(const uint8_t *at, const uint8_t *end, int32_t *point) {
    int size = any_escape_size(at, end, point);
    return size && *point >= 0xD800 && *point <= 0xDFFF ? 0 : size;
}

/* The quote that ends the string whose first byte is here; NULL if there is none or the string is not valid. */
static inline const uint8_t *string_end(const uint8_t *at, const uint8_t *end, int *has_escapes) {
    *has_escapes = 0;
    while ((at = special_byte(at, end)) < end) {
        if (*at == '"') return at;
        int32_t point;
        int size = *at == '\\' ? escape_size(at, end, &point) : character_size(at, end);
        if (!size) return NULL;
        *has_escapes |= *at == '\\';
        at += size;
        while (at < end && *at >= 0x80) {
            size = character_size(at, end);
            if (!size) return NULL;
            at += size;
        }
    }
    return NULL;
}

/* Writes a code point as UTF-8; returns where it ends. */
static inline uint8_t *put_character(uint8_t *out, int32_t point) {
    if (point < 0x80) {
        *out++ = (uint8_t)point;
        return out;
    }
    int rest = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    static const uint8_t LEADS[] = {0, 0xC0, 0xE0, 0xF0};
    *out++ = (uint8_t)(LEADS[rest] | point >> 6 * rest);
    while (rest--) *out++ = (uint8_t)(0x80 | (point >> 6 * rest & 0x3F));
    return out;
}

/* Writes what a valid string says into `out`, which has room for as many bytes as the string; returns where it ends. */
static inline uint8_t *unescaped(const uint8_t *at, const uint8_t *end, uint8_t *out) {
    const uint8_t *escape;
    while ((escape = memchr(at, '\\', (size_t)(end - at)))) {
        memcpy(out, at, (size_t)(escape - at));
        out += escape - at;
        int32_t point = 0;
        at = escape + escape_size(escape, end, &point);
        out = put_character(out, point);
    }
    memcpy(out, at, (size_t)(end - at));
    return out + (end - at);
}

#endif
