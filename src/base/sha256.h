/*
 * sha256.h - SHA-256 (FIPS 180-4) in plain C, for plans and small documents.
 * Layers are hashed by immure-image with libcrypto, which is faster.
 */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_LEN 32
#define SHA256_HEX 64

struct sha256 {
	uint32_t h[8];
	uint64_t len;
	uint8_t block[64];
};
void sha256_init(struct sha256 *s);
void sha256_add(struct sha256 *s, const void *p, size_t n);
void sha256_final(struct sha256 *s, uint8_t ret[SHA256_LEN]);
void sha256_hex(const uint8_t digest[SHA256_LEN], char ret[SHA256_HEX + 1]);
void sha256_of(const void *p, size_t n, char ret[SHA256_HEX + 1]);

#endif
