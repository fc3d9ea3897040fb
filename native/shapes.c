/* The shape of a tool: all of its bytes but the names of parameters, of which the rules on tools look at none.
 *
 * A tool is given as frames give it, without its descriptions. Where it is no tool of the usual build, it has no shape.
 */

#include "export.h"
#include "strings.h"

/* Stands for a text and the quote behind it: for a description that was cut out before, and for a name. */
enum { CUT = '\n' };

enum { MOST_NAMES = 64, DEEPEST = 63 };

/* What an object is, which says what its members are. */
enum kind { OTHER, TOOL, FUNCTION, SCHEMA, PROPERTIES };

/* A tool that is gone through, of which all from `kept` up to `at` stays. */
struct walk {
    const uint8_t *at, *end, *kept;
    uint8_t *out;
};

static enum kind kind_of_member(enum kind kind, struct text key) {
    if (kind == TOOL && says(key, "function")) return FUNCTION;
    if (kind == FUNCTION && says(key, "parameters")) return SCHEMA;
    if (kind == SCHEMA && says(key, "properties")) return PROPERTIES;
    if (kind == SCHEMA && says(key, "items")) return SCHEMA;
    return kind == PROPERTIES ? SCHEMA : OTHER;
}

/* Passes over a string; says whether it ends. */
static int pass_string(struct walk *in) {
    const uint8_t *at = in->at + 1;
    while ((at = special_byte(at, in->end)) < in->end && (*at >= 0x80 || *at == '\\')) at += *at == '\\' ? 2 : 1;
    if (at >= in->end || (*at != '"' && *at != CUT)) return 0;
    in->at = at + 1;
    return 1;
}

/* Cuts out a name, whose quote was passed; says whether it has no escapes and is none of those before. */
static int cut_name(struct walk *in, struct text name, struct text *names, int count) {
    size_t size = (size_t)(name.stop - name.start);
    if (count == MOST_NAMES || memchr(name.start, '\\', size)) return 0;
    for (int index = 0; index < count; index++) {
        struct text other = names[index];
        if ((size_t)(other.stop - other.start) == size && !memcmp(other.start, name.start, size)) return 0;
    }
    names[count] = name;
    memcpy(in->out, in->kept, (size_t)(name.start - in->kept));
    in->out += name.start - in->kept;
    *in->out++ = CUT;
    in->kept = in->at;
    return 1;
}

static int pass_value(struct walk *in, enum kind kind, int depth);

/* Whether one sign or the other comes next, which is passed. */
static int pass_sign(struct walk *in, char sign) {
    in->at = skip_blanks(in->at, in->end);
    if (in->at == in->end || *in->at != sign) return 0;
    in->at = skip_blanks(in->at + 1, in->end);
    return 1;
}

static int pass_object(struct walk *in, enum kind kind, int depth) {
    struct text names[MOST_NAMES];
    if (pass_sign(in, '{') && pass_sign(in, '}')) return 1;
    for (int count = 0;; count++) {
        struct text key = {in->at + 1, NULL};
        if (in->at == in->end || *in->at != '"' || !pass_string(in)) return 0;
        key.stop = in->at - 1;
        if (kind == PROPERTIES && !cut_name(in, key, names, count)) return 0;
        if (!pass_sign(in, ':') || !pass_value(in, kind_of_member(kind, key), depth)) return 0;
        if (!pass_sign(in, ',')) return pass_sign(in, '}');
    }
}

static int pass_array(struct walk *in, int depth) {
    if (pass_sign(in, '[') && pass_sign(in, ']')) return 1;
    do {
        if (!pass_value(in, OTHER, depth)) return 0;
    } while (pass_sign(in, ','));
    return pass_sign(in, ']');
}

/* Passes over a value; says whether there is one that is not too deep. */
static int pass_value(struct walk *in, enum kind kind, int depth) {
    if (in->at == in->end || depth == DEEPEST) return 0;
    if (*in->at == '"') return pass_string(in);
    if (*in->at == '{') return pass_object(in, kind, depth + 1);
    if (*in->at == '[') return pass_array(in, depth + 1);
    const uint8_t *start = in->at;
    while (in->at < in->end && !strchr(" \t,]}", *in->at)) in->at++;
    return in->at > start;
}

/* Writes the shape of a tool into `out`, which has room for as many bytes; says how many they are, -1 if there is none. */
EXPORT int64_t shape(const uint8_t *tool, int64_t size, uint8_t *out) {
    struct walk in = {tool, tool + size, tool, out};
    /* What refers to a place refers to names. */
    if (memchr(tool, '$', (size_t)size) || !pass_value(&in, TOOL, 0) || in.at != in.end) return -1;
    memcpy(in.out, in.kept, (size_t)(in.at - in.kept));
    return in.out + (in.at - in.kept) - out;
}
