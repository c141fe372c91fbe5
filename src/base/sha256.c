/*
 * sha256.c - SHA-256 (FIPS 180-4).
 *
 * Plain and portable; for documents of kilobytes, not for layers.
 */
#include <string.h>
#include "base/sha256.h"

static const uint32_t K[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
	0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
	0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
	0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
	0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
	0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
	0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
	0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t ror(uint32_t v, unsigned n)
{
	return v >> n | v << (32 - n);
}

static void schedule(const uint8_t block[64], uint32_t w[64])
{
	uint32_t a, b;
	int i;

	for (i = 0; i < 16; i++, block += 4)
		w[i] = (uint32_t)block[0] << 24 | (uint32_t)block[1] << 16 |
		       (uint32_t)block[2] << 8 | block[3];
	for (; i < 64; i++) {
		a = w[i - 15];
		b = w[i - 2];
		w[i] = w[i - 16] + w[i - 7] +
		       (ror(a, 7) ^ ror(a, 18) ^ a >> 3) +
		       (ror(b, 17) ^ ror(b, 19) ^ b >> 10);
	}
}

static void compress(uint32_t h[8], const uint8_t block[64])
{
	uint32_t w[64], v[8], s, t;
	int i;

	schedule(block, w);
	memcpy(v, h, sizeof(v));
	for (i = 0; i < 64; i++) {
		s = ror(v[4], 6) ^ ror(v[4], 11) ^ ror(v[4], 25);
		t = v[7] + s + ((v[4] & v[5]) ^ (~v[4] & v[6])) + K[i] + w[i];
		s = ror(v[0], 2) ^ ror(v[0], 13) ^ ror(v[0], 22);
		s += (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
		memmove(v + 1, v, 7 * sizeof(*v));
		v[4] += t;
		v[0] = t + s;
	}
	for (i = 0; i < 8; i++)
		h[i] += v[i];
}

void sha256_init(struct sha256 *s)
{
	*s = (struct sha256){
		.h = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
		       0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 },
	};
}

void sha256_add(struct sha256 *s, const void *p, size_t n)
{
	const uint8_t *in = p;
	size_t have = s->len % 64, room;

	s->len += n;
	while (n) {
		if (have == 0 && n >= 64) {
			compress(s->h, in);
			in += 64;
			n -= 64;
			continue;
		}
		room = 64 - have < n ? 64 - have : n;
		memcpy(s->block + have, in, room);
		have += room;
		in += room;
		n -= room;
		if (have == 64) {
			compress(s->h, s->block);
			have = 0;
		}
	}
}

void sha256_final(struct sha256 *s, uint8_t ret[SHA256_LEN])
{
	uint64_t bits = s->len * 8;
	uint8_t tail[72] = { 0x80 };
	size_t pad = 64 - (s->len + 8) % 64;
	int i;

	for (i = 0; i < 8; i++)
		tail[pad + (size_t)i] = (uint8_t)(bits >> (56 - 8 * i));
	sha256_add(s, tail, pad + 8);
	for (i = 0; i < 32; i++)
		ret[i] = (uint8_t)(s->h[i / 4] >> (24 - 8 * (i % 4)));
}

void sha256_hex(const uint8_t digest[SHA256_LEN], char ret[SHA256_HEX + 1])
{
	static const char hex[] = "0123456789abcdef";
	int i;

	for (i = 0; i < SHA256_LEN; i++) {
		ret[2 * i] = hex[digest[i] >> 4];
		ret[2 * i + 1] = hex[digest[i] & 15];
	}
	ret[SHA256_HEX] = '\0';
}

void sha256_of(const void *p, size_t n, char ret[SHA256_HEX + 1])
{
	uint8_t digest[SHA256_LEN];
	struct sha256 s;

	sha256_init(&s);
	sha256_add(&s, p, n);
	sha256_final(&s, digest);
	sha256_hex(digest, ret);
}
