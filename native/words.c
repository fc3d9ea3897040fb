/* Texts cut into words, and a bounded table that knows how many tokens the words have that were met before.
 *
 * Where a text is cut, and why its tokens are those of its words, is said in jsonl_lint/tokens/cuts.py, from which `rules`
 * come. A word that the table does not know is handed back, counted elsewhere, and learnt.
 */

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "export.h"

/* What stands between two classes of bytes, as in cuts.py. */
enum { NEVER, ALWAYS, UNLESS_BLANK, IF_VISIBLE };

/* How a word may begin behind others, and how it may end before them, as in cuts.py. */
enum { BEGINS_ALONE, BEGINS_WITH_SPACE, BEGINS_AFTER_LETTER, BEGINS_AFTER_FEED };
enum { ENDS_ALONE, ENDS_VISIBLE, ENDS_IN_SPACE, ENDS_IN_FEED };

/* What stands between each two bytes, which two bytes may end wide white space, which bytes are visible ASCII, and how words
 * begin and end that have each byte there. */
struct rules {
    uint8_t cuts[1 << 16];
    uint8_t blank_ends[1 << 16];
    uint8_t visible[256];
    uint8_t begins[256];
    uint8_t ends[256];
};

/* A slot is the number of tokens of a word, its length (0 in an empty slot), and its bytes, with zeros up to the slot's end. */
enum { TOKENS, LENGTH, BYTES };
enum { NARROW = 32, WIDE = 128, SLOTS = 8, NARROW_BITS = 15, WIDE_BITS = 11 };
enum { LONGEST_NARROW = NARROW - BYTES, LONGEST_WIDE = WIDE - BYTES, LONGEST_JOINED = 200 };

/* Each set of slots keeps the words that come often before those that come rarely; the last one makes place for a new word.
 * The sets of narrow slots come first, those of wide ones behind them; there are fewer of both by so many bits. */
struct table {
    int fewer_bits;
    _Alignas(16) uint8_t slots[];
};

/* Where counting has come to, in texts that stand end to end. */
struct place {
    uint64_t text;
    uint64_t at;
};

/* A word that is not known: the number of its text, and where it stands. */
struct word {
    uint64_t text;
    uint64_t start;
    uint64_t end;
};

/* Two neighbouring bytes as one number. */
static size_t pair(const uint8_t *bytes) {
    return (size_t)bytes[0] | (size_t)bytes[1] << 8;
}

/* Whether a text, which goes from `begin` to `end`, is cut before `at`, between two bytes that have some rule. */
static int is_cut(const struct rules *rules, const uint8_t *texts, size_t begin, size_t at, size_t end) {
    switch (rules->cuts[pair(texts + at - 1)]) {
    case UNLESS_BLANK:
        return at - begin >= 2 && !rules->blank_ends[pair(texts + at - 2)];
    case IF_VISIBLE:
        return at + 1 < end && rules->visible[texts[at + 1]];
    default:
        return 1;
    }
}

/* Before which of up to 64 bytes that follow another one a text may be cut: one bit for each. */
static uint64_t perhaps_cut(const struct rules *rules, const uint8_t *text, size_t size) {
    uint64_t bits = 0;
    for (size_t at = 0; at < size; at++) {
        bits |= (uint64_t)(rules->cuts[pair(text + at - 1)] != NEVER) << at;
    }
    return bits;
}

static size_t lowest_bit(uint64_t bits) {
    return (size_t)__builtin_ctzll(bits);
}

/* The ends of the words that follow `start` in a text, up to so many of them. Returns how many there are. */
static size_t cut(const struct rules *rules, const uint8_t *texts, size_t begin, size_t start, size_t end, uint64_t *stops,
                  size_t room) {
    size_t found = 0;
    for (size_t at = start + 1; at < end; at += 64) {
        uint64_t bits = end - at < 64 ? perhaps_cut(rules, texts + at, end - at) : perhaps_cut(rules, texts + at, 64);
        for (; bits != 0; bits &= bits - 1) {
            size_t here = at + lowest_bit(bits);
            if (is_cut(rules, texts, begin, here, end)) {
                stops[found++] = here;
                if (found == room) {
                    return found;
                }
            }
        }
    }
    stops[found++] = end;
    return found;
}

static uint64_t number_at(const uint8_t *bytes) {
    uint64_t number;
    memcpy(&number, bytes, sizeof number);
    return number;
}

/* All bits but those of the number of tokens, in whatever order this machine has its bytes. */
static uint64_t without_tokens(void) {
    static const uint8_t mask[8] = {0, 255, 255, 255, 255, 255, 255, 255};
    return number_at(mask);
}

/* Make a slot of a word, of which `left` bytes can be read; the number of its tokens is left out. */
static void make_slot(uint8_t *slot, size_t width, const uint8_t *word, size_t length, size_t left) {
    static const uint8_t masks[2 * LONGEST_NARROW] = {
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    };
    slot[TOKENS] = 0;
    slot[LENGTH] = (uint8_t)length;
    if (width == NARROW && left >= LONGEST_NARROW) {
        /* As many bytes for every word, which takes less time than to copy as many as it has. */
        for (size_t at = 0; at < LONGEST_NARROW; at++) {
            slot[BYTES + at] = word[at] & masks[LONGEST_NARROW - length + at];
        }
        return;
    }
    memcpy(slot + BYTES, word, length);
    memset(slot + BYTES + length, 0, width - BYTES - length);
}

/* A number for a word, of so many bits; of wide slots only the bytes that are the word's are gone through. */
static size_t hash(const uint8_t *slot, size_t width, int bits) {
    uint64_t mixed = number_at(slot) & without_tokens();
    for (size_t at = 8; at < width && (width == NARROW || at < (size_t)slot[LENGTH] + BYTES); at += 8) {
        mixed = mixed * UINT64_C(0x9E3779B97F4A7C15) ^ number_at(slot + at);
        mixed ^= mixed >> 29;
    }
    mixed *= UINT64_C(0xC2B2AE3D27D4EB4F);
    return (size_t)(mixed >> (64 - bits));
}

/* How many bytes all narrow slots have, and all wide ones. */
static size_t narrow_size(int fewer_bits) {
    return (size_t)(NARROW * SLOTS) << (NARROW_BITS - fewer_bits);
}

static size_t wide_size(int fewer_bits) {
    return (size_t)(WIDE * SLOTS) << (WIDE_BITS - fewer_bits);
}

/* The set of slots in which a word has its place. */
static uint8_t *set_of(struct table *table, const uint8_t *slot, size_t width) {
    if (width == NARROW) {
        return table->slots + hash(slot, NARROW, NARROW_BITS - table->fewer_bits) * NARROW * SLOTS;
    }
    return table->slots + narrow_size(table->fewer_bits) + hash(slot, WIDE, WIDE_BITS - table->fewer_bits) * WIDE * SLOTS;
}

static int is_same(const uint8_t *slot, const uint8_t *other, size_t width) {
    uint64_t difference = (number_at(slot) ^ number_at(other)) & without_tokens();
    for (size_t at = 8; at < width; at += 8) {
        difference |= number_at(slot + at) ^ number_at(other + at);
    }
    return difference == 0;
}

static void exchange(uint8_t *slot, uint8_t *other, size_t width) {
    uint8_t kept[WIDE];
    memcpy(kept, slot, width);
    memcpy(slot, other, width);
    memcpy(other, kept, width);
}

/* The number of tokens of the word that a slot is made of; 0 if it is not known. A word that is asked for moves forward. */
static uint8_t known(uint8_t *slot, const uint8_t *asked, size_t width) {
    for (int index = 0; index < SLOTS; index++, slot += width) {
        if (is_same(slot, asked, width)) {
            uint8_t tokens = slot[TOKENS];
            if (index > 0) {
                exchange(slot, slot - width, width);
            }
            return tokens;
        }
    }
    return 0;
}

/* Keep a word in the first slot that is free or its own, or in the last one. Returns whether it is new. */
static int keep(struct table *table, const uint8_t *made, size_t width) {
    uint8_t *slot = set_of(table, made, width);
    for (int index = 1; index < SLOTS && slot[LENGTH] != 0 && !is_same(slot, made, width); index++) {
        slot += width;
    }
    int is_new = !is_same(slot, made, width);
    memcpy(slot, made, width);
    return is_new;
}

/* The number of tokens of a word of more bytes than narrow slots have; 0 if it is not known. */
static uint8_t tokens_of_long(struct table *table, const uint8_t *word, size_t length) {
    uint8_t slot[WIDE];
    if (length > LONGEST_WIDE) {
        return 0;
    }
    make_slot(slot, WIDE, word, length, length);
    return known(set_of(table, slot, WIDE), slot, WIDE);
}

/* So many words are looked up together, so that the memory for one is on its way while others are worked on. */
enum { TOGETHER = 64 };

/* The number of tokens of each of neighbouring words; 0 for one that is not known. */
static void look_up(struct table *table, const uint8_t *texts, size_t start, const uint64_t *stops, size_t count, size_t all,
                    uint8_t *tokens) {
    uint8_t slots[TOGETHER][NARROW];
    uint8_t *sets[TOGETHER];
    size_t first = start;
    for (size_t index = 0; index < count; first = stops[index++]) {
        size_t length = stops[index] - first;
        sets[index] = NULL;
        if (length <= LONGEST_NARROW) {
            make_slot(slots[index], NARROW, texts + first, length, all - first);
            sets[index] = set_of(table, slots[index], NARROW);
            __builtin_prefetch(sets[index]);
        }
    }
    first = start;
    for (size_t index = 0; index < count; first = stops[index++]) {
        tokens[index] = sets[index] != NULL ? known(sets[index], slots[index], NARROW)
                                            : tokens_of_long(table, texts + first, stops[index] - first);
    }
}

/* A table that knows no word, of 10 MB, or half of that for each bit fewer; NULL if there is no memory. */
EXPORT struct table *words_table(int fewer_bits) {
    struct table *table = calloc(1, sizeof(struct table) + narrow_size(fewer_bits) + wide_size(fewer_bits));
    if (table != NULL) {
        table->fewer_bits = fewer_bits;
    }
    return table;
}

EXPORT void words_free(struct table *table) {
    free(table);
}

/* Add to `sums` the tokens of the words that are known, from `place` on, in texts that end at `ends`.
 *
 * The words that are not known go to `unknown`, in which there is `room` for so many, at least TOGETHER; when it may not do
 * for more, `place` tells where to go on. Returns how many there are: none if all texts have been gone through.
 */
EXPORT size_t words_count(struct table *table, const struct rules *rules, const uint8_t *texts, const uint64_t *ends,
                          size_t count, struct place *place, uint64_t *sums, struct word *unknown, size_t room) {
    size_t found = 0;
    size_t all = count > 0 ? ends[count - 1] : 0;
    for (; place->text < count; place->text++) {
        size_t begin = place->text > 0 ? ends[place->text - 1] : 0, end = ends[place->text];
        while (place->at < end) {
            uint64_t stops[TOGETHER];
            uint8_t tokens[TOGETHER];
            if (room - found < TOGETHER) {
                return found;
            }
            size_t words = cut(rules, texts, begin, place->at, end, stops, TOGETHER);
            look_up(table, texts, place->at, stops, words, all, tokens);
            for (size_t index = 0; index < words; place->at = stops[index++]) {
                sums[place->text] += tokens[index];
                if (tokens[index] == 0) {
                    unknown[found++] = (struct word){place->text, place->at, stops[index]};
                }
            }
        }
    }
    return found;
}

/* Add the tokens of words that were not known to the sums of their texts, and keep those that are not too long.
 *
 * Returns how many bytes they have, each word counted once.
 */
EXPORT size_t words_learn(struct table *table, const uint8_t *texts, const struct word *words, const uint64_t *tokens,
                          size_t count, uint64_t *sums) {
    size_t learnt = 0;
    for (size_t index = 0; index < count; index++) {
        const struct word *word = &words[index];
        size_t length = word->end - word->start;
        size_t width = length <= LONGEST_NARROW ? NARROW : WIDE;
        uint8_t slot[WIDE];
        sums[word->text] += tokens[index];
        if (length > LONGEST_WIDE) {
            learnt += length;
            continue;
        }
        make_slot(slot, width, texts + word->start, length, length);
        /* A word has no more tokens than bytes: their number has room in a byte. */
        slot[TOKENS] = (uint8_t)tokens[index];
        learnt += keep(table, slot, width) ? length : 0;
    }
    return learnt;
}

/* Whether a word may be counted together with others: it is not long, and nothing in it is a matter between encoders, which
 * the text of a special token might be, and the long s is. */
static int is_joinable(const uint8_t *word, size_t length) {
    for (size_t at = 1; at < length; at++) {
        if ((word[at - 1] == '<' && word[at] == '|') || (word[at - 1] == 0xC5 && word[at] == 0xBF)) {
            return 0;
        }
    }
    return length <= LONGEST_JOINED;
}

/* How a word ends, if others may follow. */
static uint8_t end_of(const struct rules *rules, const uint8_t *word, size_t length) {
    int is_blank = length >= 2 && rules->blank_ends[pair(word + length - 2)];
    return is_blank ? ENDS_ALONE : rules->ends[word[length - 1]];
}

/* Put words end to end into `joined`, so that their tokens stay what they are, with a letter and a line feed between them
 * where they need it.
 *
 * Each ends at its `ends`, after `leads` tokens that are not its own. One that can't be joined has no bytes. Returns the
 * number of bytes.
 */
EXPORT size_t words_join(const struct rules *rules, const uint8_t *texts, const struct word *words, size_t count,
                         uint8_t *joined, size_t room, uint64_t *ends, uint64_t *leads) {
    uint8_t before = ENDS_VISIBLE;
    size_t at = 0;
    for (size_t index = 0; index < count; index++) {
        const uint8_t *word = texts + words[index].start;
        size_t length = words[index].end - words[index].start;
        uint8_t begin = rules->begins[word[0]];
        uint8_t end = end_of(rules, word, length);
        leads[index] = 0;
        if (begin != BEGINS_ALONE && end != ENDS_ALONE && length + 3 <= room - at && is_joinable(word, length)) {
            if (begin != BEGINS_WITH_SPACE || before != ENDS_VISIBLE) {
                if (before != ENDS_IN_FEED) {
                    joined[at++] = ' ';
                }
                joined[at++] = 'x';
                leads[index] = 1;
            }
            if (begin == BEGINS_AFTER_FEED) {
                joined[at++] = '\n';
                leads[index] = 2;
            }
            memcpy(joined + at, word, length);
            at += length;
            before = end;
        }
        ends[index] = at;
    }
    return at;
}

/* How many tokens each of the joined words has, of all of whose tokens the numbers are given; 0 for one that is not joined.
 *
 * Token `t` has `sizes[t]` bytes, if it is below `vocabulary`. Returns whether each word ends with a token.
 */
EXPORT int words_share(const uint32_t *tokens, size_t count, const uint8_t *sizes, size_t vocabulary, const uint64_t *ends,
                       const uint64_t *leads, size_t words, uint64_t *shares) {
    size_t at = 0;
    uint64_t end = 0;
    for (size_t index = 0; index < words; index++) {
        size_t first = at;
        while (end < ends[index] && at < count && tokens[at] < vocabulary) {
            end += sizes[tokens[at++]];
        }
        if (end != ends[index] || at - first < leads[index]) {
            return 0;
        }
        shares[index] = at - first - leads[index];
    }
    return at == count;
}
