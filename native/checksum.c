/* The checksum of PNG chunks (CRC-32), sixteen bytes at a time where the processor multiplies without carries.
 *
 * After V. Gopal and others, "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ Instruction", Intel 2009: 64 bytes
 * are folded into the next 64 by powers of x modulo the polynomial, at last 16 into 4 by Barrett's reduction. */

#include <stddef.h>
#include <stdint.h>

#include "export.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

#define FOLDING __attribute__((target("pclmul,sse4.1")))

/* Fewer bytes can't be folded. */
static const size_t LEAST = 64;

FOLDING static __m128i folded(__m128i sum, __m128i next, __m128i powers) {
    __m128i low = _mm_clmulepi64_si128(sum, powers, 0x00), high = _mm_clmulepi64_si128(sum, powers, 0x11);
    return _mm_xor_si128(_mm_xor_si128(low, high), next);
}

FOLDING static __m128i at(const uint8_t *data) { return _mm_loadu_si128((const __m128i *)data); }

/* What sixteen bytes leave when they are divided by the polynomial. */
FOLDING static uint32_t reduced(__m128i sum) {
    const __m128i half = _mm_setr_epi32(~0, 0, ~0, 0);
    const __m128i powers = _mm_set_epi64x(0, 0x0163cd6124), barrett = _mm_set_epi64x(0x01f7011641, 0x01db710641);
    const __m128i fold = _mm_set_epi64x(0x00ccaa009e, 0x01751997d0);
    sum = _mm_xor_si128(_mm_srli_si128(sum, 8), _mm_clmulepi64_si128(sum, fold, 0x10));
    sum = _mm_xor_si128(_mm_srli_si128(sum, 4), _mm_clmulepi64_si128(_mm_and_si128(sum, half), powers, 0x00));
    __m128i share = _mm_clmulepi64_si128(_mm_and_si128(sum, half), barrett, 0x10);
    share = _mm_clmulepi64_si128(_mm_and_si128(share, half), barrett, 0x00);
    return (uint32_t)_mm_extract_epi32(_mm_xor_si128(sum, share), 1);
}

/* The checksum of a number of bytes that sixteen divides, at least 64. */
FOLDING static uint32_t folded_checksum(const uint8_t *data, size_t length, uint32_t checksum) {
    const __m128i by_64 = _mm_set_epi64x(0x01c6e41596, 0x0154442bd4);
    const __m128i by_16 = _mm_set_epi64x(0x00ccaa009e, 0x01751997d0);
    __m128i a = _mm_xor_si128(at(data), _mm_cvtsi32_si128((int)~checksum));
    __m128i b = at(data + 16), c = at(data + 32), d = at(data + 48);
    const uint8_t *end = data + length;
    for (data += 64; end - data >= 64; data += 64) {
        a = folded(a, at(data), by_64);
        b = folded(b, at(data + 16), by_64);
        c = folded(c, at(data + 32), by_64);
        d = folded(d, at(data + 48), by_64);
    }
    a = folded(folded(folded(a, b, by_16), c, by_16), d, by_16);
    for (; end - data >= 16; data += 16) a = folded(a, at(data), by_16);
    return ~reduced(a);
}

/* Whether the processor says that it has what folding takes. */
static int folds(void) {
    unsigned a, b, c, d;
    return __get_cpuid(1, &a, &b, &c, &d) && (c & bit_PCLMUL) && (c & bit_SSE4_1);
}
#else
static const size_t LEAST = SIZE_MAX;
static uint32_t folded_checksum(const uint8_t *data, size_t length, uint32_t checksum) {
    (void)data, (void)length;
    return checksum;
}
static int folds(void) { return 0; }
#endif

/* Whether this processor can do it faster than a table does. */
EXPORT int64_t checksum_is_fast(void) { return folds(); }

/* The checksum of the bytes from `start` up to `end`, continued from that of the bytes before (0 at the beginning); only for
 * processors that can do it fast: to ask that each time would take longer. */
EXPORT int64_t checksum(const uint8_t *data, size_t start, size_t end, uint32_t before) {
    uint32_t sum = before;
    size_t length = end - start, whole = length & ~(size_t)15;
    if (length >= LEAST) {
        sum = folded_checksum(data + start, whole, sum);
        start += whole;
    }
    for (sum = ~sum; start < end; start++) {
        sum ^= data[start];
        for (int bit = 0; bit < 8; bit++) sum = sum >> 1 ^ (0xEDB88320u & (0u - (sum & 1)));
    }
    return (int64_t)~sum;
}
