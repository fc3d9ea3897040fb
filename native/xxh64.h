/* XXH64 of some bytes: https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md */

#ifndef XXH64_H
#define XXH64_H

#include <stdint.h>
#include <string.h>

#define PRIME_1 0x9E3779B185EBCA87u
#define PRIME_2 0xC2B2AE3D27D4EB4Fu
#define PRIME_3 0x165667B19E3779F9u
#define PRIME_4 0x85EBCA77C2B2AE63u
#define PRIME_5 0x27D4EB2F165667C5u

static inline uint64_t rotated(uint64_t value, int bits) { return value << bits | value >> (64 - bits); }

/* Numbers are read as little-endian machines have them: on others fingerprints would differ from those made in Python. */
static inline uint64_t word_at(const uint8_t *bytes) {
    uint64_t word;
    memcpy(&word, bytes, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

static inline uint32_t half_word_at(const uint8_t *bytes) {
    uint32_t word;
    memcpy(&word, bytes, 4);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap32(word);
#endif
    return word;
}

static inline uint64_t xxh64_round(uint64_t lane, uint64_t word) { return rotated(lane + word * PRIME_2, 31) * PRIME_1; }

static inline uint64_t xxh64_merge(uint64_t hash, uint64_t lane) {
    return (hash ^ xxh64_round(0, lane)) * PRIME_1 + PRIME_4;
}

static inline uint64_t xxh64_of_stripes(const uint8_t **bytes, const uint8_t *end, uint64_t seed) {
    uint64_t lanes[4] = {seed + PRIME_1 + PRIME_2, seed + PRIME_2, seed, seed - PRIME_1};
    const uint8_t *place = *bytes;
    for (; end - place >= 32; place += 32)
        for (int lane = 0; lane < 4; lane++) lanes[lane] = xxh64_round(lanes[lane], word_at(place + 8 * lane));
    *bytes = place;
    uint64_t hash = rotated(lanes[0], 1) + rotated(lanes[1], 7) + rotated(lanes[2], 12) + rotated(lanes[3], 18);
    for (int lane = 0; lane < 4; lane++) hash = xxh64_merge(hash, lanes[lane]);
    return hash;
}

static inline uint64_t xxh64(const uint8_t *bytes, size_t size, uint64_t seed) {
    const uint8_t *end = bytes + size;
    uint64_t hash = size >= 32 ? xxh64_of_stripes(&bytes, end, seed) : seed + PRIME_5;
    hash += size;
    for (; end - bytes >= 8; bytes += 8)
        hash = rotated(hash ^ xxh64_round(0, word_at(bytes)), 27) * PRIME_1 + PRIME_4;
    if (end - bytes >= 4) {
        hash = rotated(hash ^ half_word_at(bytes) * PRIME_1, 23) * PRIME_2 + PRIME_3;
        bytes += 4;
    }
    for (; bytes < end; bytes++) hash = rotated(hash ^ *bytes * PRIME_5, 11) * PRIME_1;
    hash = (hash ^ hash >> 33) * PRIME_2;
    hash = (hash ^ hash >> 29) * PRIME_3;
    return hash ^ hash >> 32;
}

#endif
