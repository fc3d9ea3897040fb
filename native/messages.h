/* The messages of a chat line that is not plain, found by going over the line from its start, whatever else is in it. */

#ifndef MESSAGES_H
#define MESSAGES_H

#include "strings.h"

/* What the content of a message is: none or no text, or a text, or something that takes a closer look. */
enum content { NO_TEXT, TEXT, DOUBT };

/* A message: the text that is its content, or the last part of that, up to its quote, and its role; whether its content has
 * parts, and whether it calls tools. */
struct spoken {
    enum content content;
    const uint8_t *text, *quote, *role, *role_quote;
    int contents, roles, parts, texts, calls;
};

/* How far the walk over a line has come, the brackets that are open there, the message that is being read, and the one before
 * it; how many there are so far. */
struct walk {
    const uint8_t *at, *end;
    int depth, in_messages, in_parts, lists, tools;
    struct spoken message, before;
    int64_t count;
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

/* The text that is a value; says whether it has an end. `quote` is NULL where the value is none. */
static inline int take_text(struct walk *in, const uint8_t **text, const uint8_t **quote) {
    int is_text = *in->at == '"';
    *text = in->at + 1;
    *quote = is_text ? quote_after(*text, in->end) : NULL;
    if (*quote) in->at = *quote + 1;
    return !is_text || *quote;
}

static inline int take_content(struct walk *in) {
    struct spoken *message = &in->message;
    message->parts = in->in_parts = *in->at == '[';
    if (!take_text(in, &message->text, &message->quote)) return 0;
    message->content = message->quote ? TEXT : NO_TEXT;
    return !message->contents++;
}

/* The value of a key of a content's part: its text, whichever of these it is. */
static inline int take_part(struct walk *in, const uint8_t *key, const uint8_t *stop) {
    struct spoken *message = &in->message;
    if (!is_spelled(key, stop, "text") && !is_spelled(key, stop, "refusal")) return 1;
    if (!take_text(in, &message->text, &message->quote)) return 0;
    message->content = message->quote ? TEXT : NO_TEXT;
    return !message->texts++;
}

/* The value of a message's key. */
static inline int take_member(struct walk *in, const uint8_t *key, const uint8_t *stop) {
    struct spoken *message = &in->message;
    message->calls |= is_spelled(key, stop, "tool_calls");
    if (is_spelled(key, stop, "content")) return take_content(in);
    if (!is_spelled(key, stop, "role")) return 1;
    return take_text(in, &message->role, &message->role_quote) && !message->roles++;
}

/* The value of a key that stands there; says whether all is well known so far. */
static inline int take_value(struct walk *in, const uint8_t *key, const uint8_t *stop) {
    int is_member = in->depth == 3 && in->in_messages, is_part = in->depth == 5 && in->in_parts;
    if (in->depth != 1 && !is_member && !is_part) return 1;
    if (memchr(key, '\\', (size_t)(stop - key))) return 0;
    if (is_member) return take_member(in, key, stop);
    if (is_part) return take_part(in, key, stop);
    in->tools |= is_spelled(key, stop, "tools");
    if (!is_spelled(key, stop, "messages")) return 1;
    in->in_messages = *in->at == '[';
    return !in->lists++;
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

/* Goes on by a string, bracket or sign; says whether all is well known so far. */
static inline int walk_on(struct walk *in) {
    uint8_t byte = *in->at;
    int is_element = byte > ' ' && byte != ',' && byte != ']';
    if (is_element && in->in_messages && in->depth == 2) {
        in->before = in->message;
        in->message = (struct spoken){.content = NO_TEXT};
        in->count++;
    } else if (is_element && in->in_parts && in->depth == 4) {
        in->message.content = NO_TEXT;
        in->message.texts = 0;
    }
    if (byte == '"') return take_string(in);
    in->depth += (byte == '{' || byte == '[') - (byte == '}' || byte == ']');
    in->in_messages &= in->depth > 1;
    in->in_parts &= in->depth > 3;
    in->at++;
    return 1;
}

#endif
