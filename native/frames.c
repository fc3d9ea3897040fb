/* The frame of a line: all of its bytes but what rules on structure do not look at, or are told of in another way.
 *
 * What is cut out, and why, is told in alike.py.
 */

#include "export.h"
#include "strings.h"

/* A digit before so many others is that of a number too large for some readers; more than the most are not gone into. */
enum { LARGE_LEAST = 16, LARGE_MOST = 300, SMALL_MOST = 14, FRACTION_MOST = 25, EXPONENT_MOST = 2 };

/* Signs in frames, which stand in no line: something was cut out here, and all that follows if there are two; something more
 * is to be known of it, which the next byte says: the number of an id, whether a name is one, or half of a surrogate pair. */
enum { CUT = '\n', MARK = '\r', LONE_SURROGATE = 0, MOST_IDS = 255 };

enum { MOST_LISTS = 2, MOST_CALLS = 64, MOST_TOOLS = 256, DEEPEST = 63, LONGEST_NAME = 64 };

/* How deep the keys of a message lie, and those of the function in a call. */
enum { IN_MESSAGE = 3, IN_CALLED = 6 };

struct span {
    int64_t start, stop;
};

/* Where a tool stands in the line, and where it stops among the tools without their descriptions. */
struct tool {
    int64_t start, stop, bare_stop;
};

/* Where in the line that stands which was cut out and is to be looked at: lists of functions, the tools, the names of those
 * that are called and the arguments; the ids, of which the frame has numbers; and how many other names and addresses there
 * are. `tools` is -1 if there is no list of them. */
struct holes {
    int64_t lists, tools, named, calls, ids, words;
    struct span list[MOST_LISTS], name[MOST_CALLS], arguments[MOST_CALLS], id[MOST_IDS];
    struct tool tool[MOST_TOOLS];
};

/* How the line goes on: it can be read further, or not, whatever follows; or there is too much of something. */
enum going { ON, BROKEN, BEYOND };

/* A line that is gone through, of which all from `kept` up to `at` stays. Bit by bit `open` says of the brackets that are open
 * whether they are of an array whose elements are cut out, the innermost last; `is_free` says so of one that begins next.
 * `is_calling` says that this is in the calls of a message, `has_messages` that there are messages, `is_beside` that this is
 * behind them, in a member that no rule knows. `bare` has what was taken of the tools. */
struct framing {
    const uint8_t *line, *at, *end, *kept;
    uint8_t *out, *bare;
    int64_t bare_size;
    uint64_t open;
    int depth, is_begun, is_free, is_calling, has_messages, is_beside;
    const char *looked_at;
    struct holes *holes;
};

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
static int is_looked_at(struct text key, const char *looked_at) {
    size_t size = (size_t)(key.stop - key.start);
    while (*looked_at++ && *looked_at) {
        const char *stop = strchr(looked_at, 1);
        if (!stop) return 0;
        if ((size_t)(stop - looked_at) == size && !memcmp(looked_at, key.start, size)) return 1;
        looked_at = stop;
    }
    return 0;
}

/* Where the value of the key begins whose quote is here; NULL if it is no key. */
static const uint8_t *value_start(const uint8_t *quote, const uint8_t *end, struct text *key) {
    const uint8_t *stop = quote + 1;
    while ((stop = special_byte(stop, end)) < end && *stop >= 0x80) stop++;
    if (stop == end || *stop != '"') return NULL;
    *key = (struct text){quote + 1, stop};
    const uint8_t *colon = skip_blanks(stop + 1, end);
    return colon == end || *colon != ':' ? NULL : skip_blanks(colon + 1, end);
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
    return at < end && (*at == ' ' || *at == '\t' || *at == ',' || *at == '}' || *at == ']');
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

/* Takes the line up to `start` into the frame, and leaves out what follows up to `stop`. */
static void cut(struct framing *in, const uint8_t *start, const uint8_t *stop) {
    memcpy(in->out, in->kept, (size_t)(start - in->kept));
    in->out += start - in->kept;
    *in->out++ = CUT;
    in->at = in->kept = stop;
}

static void mark(struct framing *in, uint8_t what) {
    *in->out++ = MARK;
    *in->out++ = what;
}

static struct span span_of(const struct framing *in, const uint8_t *start, const uint8_t *stop) {
    return (struct span){start - in->line, stop - in->line};
}

/* Where the inside of a text stops; `halves` are the halves of surrogate pairs in it. */
static const uint8_t *text_end(const uint8_t *at, const uint8_t *end, int *halves) {
    for (*halves = 0; (at = inside_end(at, end)) < end; at += 6, ++*halves) {
        int32_t unit = escaped_unit(at, end);
        if (unit < 0xD800 || unit > 0xDFFF) break;
    }
    return at;
}

/* Cuts out the text that begins at a quote, if it shows something for certain. */
static int cut_text(struct framing *in, const uint8_t *quote) {
    if (!is_shown(quote + 1, in->end)) return 0;
    int halves;
    const uint8_t *stop = text_end(quote + 1, in->end, &halves);
    if (stop == in->end || *stop != '"') return 0;
    cut(in, quote + 1, stop + 1);
    while (halves--) mark(in, LONE_SURROGATE);
    return 1;
}

/* Cuts out the number that begins here, unless it is a special one; of one that is too large for some its first digit stays. */
static int cut_number(struct framing *in, const uint8_t *value) {
    const uint8_t *start = value, *digit = value + (*value == '-'), *stop = NULL;
    if (digit < in->end && is_between(*digit, '1', '9')) {
        stop = skip_digits(digit + 1, in->end, LARGE_MOST);
        if (stop - digit > LARGE_LEAST) start = digit + 1;
    }
    if (start == value) stop = number_end(value, in->end);
    if (!stop || !ends_number(stop, in->end)) return 0;
    cut(in, start, stop);
    return 1;
}

/* Cuts out a text for which its number among such texts of the line stands. */
static int cut_numbered(struct framing *in, struct text text) {
    struct holes *holes = in->holes;
    int64_t number = 0, size = text.stop - text.start;
    for (; number < holes->ids; number++) {
        struct span id = holes->id[number];
        if (id.stop - id.start == size && !memcmp(in->line + id.start, text.start, (size_t)size)) break;
    }
    if (number == MOST_IDS) return 0;
    if (number == holes->ids) holes->id[holes->ids++] = span_of(in, text.start, text.stop);
    cut(in, text.start, text.stop + 1);
    mark(in, (uint8_t)(number + 1));
    return 1;
}

/* Cuts out an id. Without escapes those are equal whose bytes are. */
static int cut_id(struct framing *in, const uint8_t *quote) {
    const uint8_t *start = quote + 1, *stop = start;
    while ((stop = special_byte(stop, in->end)) < in->end && *stop >= 0x80) stop++;
    if (stop == in->end || *stop != '"' || !is_shown(start, in->end)) return 0;
    return cut_numbered(in, (struct text){start, stop});
}

/* Cuts out a key that has a digit, as those have that stand in one line alone; no key that a rule knows has one. */
static int cut_key(struct framing *in, struct text key) {
    int has_digit = 0;
    for (const uint8_t *at = key.start; at < key.stop; at++) {
        if (*at >= 0x80) return 0;
        has_digit |= is_between(*at, '0', '9');
    }
    return has_digit && cut_numbered(in, key);
}

/* Cuts out the name of a speaker; the frame says whether it has the signs and the length of one. */
static int cut_name(struct framing *in, const uint8_t *quote) {
    const uint8_t *start = quote + 1, *stop = start;
    int is_good = 1;
    for (; stop < in->end && *stop != '"' && *stop != '\\' && *stop >= ' '; stop++) {
        uint8_t letter = *stop | 0x20;
        is_good &= is_between(letter, 'a', 'z') || is_between(*stop, '0', '9') || *stop == '_' || *stop == '-';
    }
    if (stop == in->end || *stop != '"') return 0;
    cut(in, start, stop + 1);
    mark(in, is_good && stop > start && stop - start <= LONGEST_NAME);
    in->holes->words++;
    return 1;
}

/* Cuts out what follows the beginning of an address on the web, if that is plain. */
static int cut_address(struct framing *in, const uint8_t *quote) {
    static const char *const BEGINNINGS[] = {"https://", "http://"};
    for (int index = 0; index < 2; index++) {
        size_t size = strlen(BEGINNINGS[index]);
        const uint8_t *start = quote + 1 + size, *stop = start;
        if ((size_t)(in->end - quote) <= size + 1 || memcmp(quote + 1, BEGINNINGS[index], size)) continue;
        while (stop < in->end && *stop > ' ' && *stop < 0x7F && *stop != '"' && *stop != '\\') stop++;
        if (stop == in->end || *stop != '"' || !(is_between(*start | 0x20, 'a', 'z') || is_between(*start, '0', '9'))) return 0;
        cut(in, start, stop + 1);
        in->holes->words++;
        return 1;
    }
    return 0;
}

/* Cuts out the text that holds the arguments of a call; says whether there were not too many before. */
static int cut_arguments(struct framing *in, const uint8_t *quote) {
    const uint8_t *stop = inside_end(quote + 1, in->end);
    if (stop == in->end || *stop != '"') return 1;
    if (in->holes->calls == MOST_CALLS) return 0;
    in->holes->arguments[in->holes->calls++] = span_of(in, quote + 1, stop);
    cut(in, quote + 1, stop + 1);
    return 1;
}

/* Cuts out the name of a function that is called, if there is something in it and no escape; says whether there were not too
 * many before. */
static int cut_called(struct framing *in, const uint8_t *quote) {
    const uint8_t *start = quote + 1, *stop = start;
    while ((stop = special_byte(stop, in->end)) < in->end && *stop >= 0x80) stop++;
    if (stop == start || stop == in->end || *stop != '"') return 1;
    if (in->holes->named == MOST_CALLS) return 0;
    in->holes->name[in->holes->named++] = span_of(in, start, stop);
    cut(in, start, stop + 1);
    return 1;
}

static void take_bare(struct framing *in, const uint8_t *start, const uint8_t *stop) {
    memcpy(in->bare + in->bare_size, start, (size_t)(stop - start));
    in->bare_size += stop - start;
}

/* Leaves out the text behind a key that stops here, of what stands from `kept` on; says where the tool goes on. */
static const uint8_t *cut_description(struct framing *in, const uint8_t *at, const uint8_t **kept) {
    const uint8_t *value = skip_blanks(at, in->end);
    if (value == in->end || *value != ':') return at;
    value = skip_blanks(value + 1, in->end);
    if (value == in->end || *value != '"') return at;
    const uint8_t *stop = inside_end(value + 1, in->end);
    if (stop == in->end || *stop != '"') return at;
    take_bare(in, *kept, value + 1);
    in->bare[in->bare_size++] = CUT;
    return *kept = stop + 1;
}

/* Takes a tool as it stands but for its descriptions; says where it stops, NULL if it does not or is too deep. What is in an
 * array or behind a key `const` may be compared, and stays. */
static const uint8_t *take_tool(struct framing *in, const uint8_t *at) {
    const uint8_t *kept = at;
    int depth = 0, arrays = 0, is_constant = 0;
    do {
        if (*at == '"') {
            struct text text = {at + 1, inside_end(at + 1, in->end)};
            if (text.stop == in->end || *text.stop != '"') return NULL;
            at = text.stop + 1;
            is_constant |= says(text, "const");
            if (!arrays && !is_constant && says(text, "description")) at = cut_description(in, at, &kept);
            continue;
        }
        arrays += (*at == '[') - (*at == ']');
        depth += (*at == '[' || *at == '{') - (*at == ']' || *at == '}');
        if (depth > DEEPEST) return NULL;
        at++;
    } while (depth > 0 && at < in->end);
    if (depth) return NULL;
    take_bare(in, kept, at);
    return at;
}

/* Cuts out the list of tools. */
static int cut_tools(struct framing *in, const uint8_t *bracket) {
    struct holes *holes = in->holes;
    if (holes->tools >= 0) return 0;
    const uint8_t *at = skip_blanks(bracket + 1, in->end), *comma = NULL;
    holes->tools = 0;
    while (at < in->end && *at == '{') {
        const uint8_t *start = at;
        if (holes->tools == MOST_TOOLS || !(at = take_tool(in, at))) return 0;
        holes->tool[holes->tools++] = (struct tool){start - in->line, at - in->line, in->bare_size};
        at = skip_blanks(at, in->end);
        comma = at < in->end && *at == ',' ? at : NULL;
        if (!comma) break;
        at = skip_blanks(at + 1, in->end);
    }
    if (comma || at == in->end || *at != ']') return 0;
    cut(in, bracket, at + 1);
    return 1;
}

/* Cuts out a list of functions, in which any byte may matter. */
static int cut_list(struct framing *in, const uint8_t *bracket) {
    const uint8_t *at = bracket;
    int depth = 0;
    do {
        if (*at == '"') at = inside_end(at + 1, in->end);
        if (at == in->end || *at == '\\') return 0;
        depth += (*at == '[' || *at == '{') - (*at == ']' || *at == '}');
        at++;
    } while (depth > 0 && at < in->end);
    if (depth || in->holes->lists == MOST_LISTS) return 0;
    in->holes->list[in->holes->lists++] = span_of(in, bracket, at);
    cut(in, bracket, at);
    return 1;
}

/* Passes over a key that rules look at, and cuts out its value if that is a name or an address. */
static enum going take_looked_at(struct framing *in, struct text key, const uint8_t *value) {
    if (*value == '"') {
        if (in->depth == IN_MESSAGE && says(key, "name")) cut_name(in, value);
        if (says(key, "url")) cut_address(in, value);
        if (in->is_calling && in->depth == IN_CALLED && says(key, "name")) return cut_called(in, value) ? ON : BEYOND;
    }
    in->is_calling |= *value == '[' && in->depth == IN_MESSAGE && says(key, "tool_calls");
    return ON;
}

/* Notes what a key of the line says of what follows. */
static void note_member(struct framing *in, struct text key) {
    int is_known = !in->is_free || says(key, "tools") || says(key, "functions");
    in->is_beside = in->has_messages && !is_known;
    in->has_messages |= says(key, "messages");
}

/* Passes over a key, and cuts out its value, if it is nothing that stays. */
static enum going take_member(struct framing *in, struct text key, const uint8_t *value) {
    in->is_free = value < in->end && !is_looked_at(key, in->looked_at);
    if (in->depth == 1) note_member(in, key);
    if (in->is_free && in->is_beside) cut_key(in, key);
    in->at = value;
    if (value == in->end) return ON;
    if (!in->is_free) return take_looked_at(in, key, value);
    if (in->depth == 1 && *value == '[' && says(key, "tools")) return cut_tools(in, value) ? ON : BEYOND;
    if (in->depth == 1 && *value == '[' && says(key, "functions")) return cut_list(in, value) ? ON : BEYOND;
    if (*value == '"' && says(key, "arguments")) return cut_arguments(in, value) ? ON : BEYOND;
    if (*value != '"') {
        cut_number(in, value);
    } else if (says(key, "id") || says(key, "tool_call_id")) {
        cut_id(in, value);
    } else {
        cut_text(in, value);
    }
    return ON;
}

/* Whether a string that stops here ends what can be read of its line, whatever follows. */
static int is_broken(const uint8_t *stop, const uint8_t *end) {
    if (stop == end || *stop < 0x20) return 1;
    return end - stop == 1 || !stop[1] || !strchr("\"\\/bfnrtu", stop[1]);
}

/* Passes over a string with what it is the key of, or cuts it out. */
static enum going take_string(struct framing *in) {
    const uint8_t *quote = in->at, *value;
    struct text key;
    if (in->open & 1) {
        if (cut_text(in, quote)) return ON;
    } else if ((value = value_start(quote, in->end, &key))) {
        return take_member(in, key, value);
    }
    const uint8_t *stop = inside_end(quote + 1, in->end);
    if (stop < in->end && *stop == '"') {
        in->at = stop + 1;
        return ON;
    }
    int ends_all = is_broken(stop, in->end);
    in->at = ends_all ? quote + 1 : in->end;
    return ends_all ? BROKEN : ON;
}

static enum going open_bracket(struct framing *in) {
    int is_free = *in->at == '[' && (in->is_free || in->open & 1);
    in->open = in->open << 1 | (uint64_t)is_free;
    in->depth++;
    in->at++;
    return in->depth <= DEEPEST ? ON : BEYOND;
}

static enum going close_bracket(struct framing *in) {
    in->open >>= 1;
    in->depth -= in->depth > 0;
    in->is_calling &= in->depth > IN_MESSAGE;
    in->at++;
    return ON;
}

/* Whether a byte outside of strings ends what can be read: none of the signs, numbers and words that readers know has it. */
static int is_strange(const struct framing *in, uint8_t byte) {
    if (!in->depth && in->is_begun) return 0;
    return byte >= 0x80 || (byte > ' ' && !strchr("\"[]{},:+-.0123456789eEtrufalsnNIity", byte));
}

static enum going take(struct framing *in) {
    uint8_t byte = *in->at;
    if (is_strange(in, byte)) return BROKEN;
    in->is_begun |= byte > ' ';
    if (byte == '"') return take_string(in);
    if (byte == '[' || byte == '{') return open_bracket(in);
    if (byte == ']' || byte == '}') return close_bracket(in);
    if (!(in->open & 1 && byte >= '-' && cut_number(in, in->at))) in->at++;
    return ON;
}

/* Writes the frame of a line into `out`, which has room for twice as many bytes and two more, its tools without descriptions
 * into `bare`, which has room for as many, and what was cut out of it into `holes`; says how many bytes the frame has, -1 if
 * there is too much in the line. */
EXPORT int64_t frame(const uint8_t *line, int64_t size, const char *looked_at, uint8_t *out, uint8_t *bare,
                     struct holes *holes) {
    struct framing in = {.line = line, .at = line, .end = line + size, .kept = line, .out = out, .bare = bare};
    in.looked_at = looked_at;
    in.holes = holes;
    enum going going = ON;
    holes->lists = holes->named = holes->calls = holes->ids = holes->words = 0;
    holes->tools = -1;
    while (in.end - in.at >= 3 && !memcmp(in.at, "\xEF\xBB\xBF", 3)) in.at += 3;
    while (going == ON && in.at < in.end) going = take(&in);
    if (going == BEYOND) return -1;
    if (going == BROKEN) {
        cut(&in, in.at, in.end);
        *in.out++ = CUT;
    }
    memcpy(in.out, in.kept, (size_t)(in.end - in.kept));
    return in.out + (in.end - in.kept) - out;
}
