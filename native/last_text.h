/* The text of the last message of a chat line, found by going over the line from its start: for lines that end in odd ways. */

#ifndef LAST_TEXT_H
#define LAST_TEXT_H

#include "strings.h"

/* What the last message of a line has: no text, or a text, or something that takes a closer look. */
enum last { NO_TEXT, TEXT, DOUBT };

/* How far the walk over a line has come, the brackets that are open there, and what is known of the last message so far. */
struct walk {
    const uint8_t *at, *end;
    int depth, in_messages, has_messages, has_content;
    enum last last;
    const uint8_t *text, *quote;
};

/* The quote that ends a string, whatever is in it; NULL if there is none. */
static inline const uint8_t *quote_after(const uint8_t *at, const uint8_t *end) {
    while ((at = special_byte(at, end)) < end && *at != '"') at += *at == '\\' ? 2 : 1;
    return at < end ? at : NULL;
}

static inline int is_spelled(const uint8_t *start, const uint8_t *stop, const char *word) {
    size_t size = strlen(word);
    return (size_t)(stop - start) == size && !memcmp(start, word, size);
}

/* The value of a key that stands there: of the messages, or of the content of one; says whether all is well known so far. */
static inline int take_value(struct walk *in, const uint8_t *key, const uint8_t *stop) {
    int is_message = in->depth == 3 && in->in_messages;
    if (in->depth != 1 && !is_message) return 1;
    if (memchr(key, '\\', (size_t)(stop - key))) return 0;
    if (!is_message && is_spelled(key, stop, "messages")) {
        in->in_messages = *in->at == '[';
        return !in->has_messages++;
    }
    if (!is_message || !is_spelled(key, stop, "content")) return 1;
    in->last = *in->at == '"' ? TEXT : *in->at == '[' ? DOUBT : NO_TEXT;
    if (in->last == TEXT) {
        in->text = in->at + 1;
        in->quote = quote_after(in->text, in->end);
        if (in->quote) in->at = in->quote + 1;
    }
    return !in->has_content++;
}

/* Goes over a string, and what it is the key of; says whether all is well known so far. */
static inline int take_string(struct walk *in) {
    const uint8_t *start = in->at + 1, *stop = quote_after(start, in->end);
    if (!stop) return 0;
    in->at = stop + 1;
    while (in->at < in->end && (*in->at == ' ' || *in->at == '\t')) in->at++;
    if (in->at == in->end || *in->at != ':') return 1;
    in->at++;
    while (in->at < in->end && (*in->at == ' ' || *in->at == '\t')) in->at++;
    return in->at < in->end && take_value(in, start, stop);
}

/* The text of the last message of a line that stops at `end`. */
static inline enum last last_text(const uint8_t *line, const uint8_t *end, const uint8_t **text, const uint8_t **quote) {
    struct walk in = {.at = line, .end = end, .last = NO_TEXT};
    while (in.at < end) {
        uint8_t byte = *in.at;
        int is_element = in.in_messages && in.depth == 2 && byte > ' ' && byte != ',' && byte != ']';
        if (is_element) in.last = NO_TEXT, in.has_content = 0;
        if (byte == '"') {
            if (!take_string(&in)) return DOUBT;
            continue;
        }
        in.depth += (byte == '{' || byte == '[') - (byte == '}' || byte == ']');
        in.in_messages &= in.depth > 1;
        in.at++;
    }
    if (in.last == TEXT && !in.quote) return DOUBT;
    *text = in.text;
    *quote = in.quote;
    return in.last;
}

#endif
