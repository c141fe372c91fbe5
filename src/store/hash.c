/*
 * hash.c - SHA-256 by libcrypto. No configuration file is read.
 */
#include "store/hash.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "base/alloc.h"

struct hash {
	EVP_MD_CTX *ctx;
};

static int fail(struct err *e)
{
	return err_set(e, ERR_SYS, "libcrypto: SHA-256 does not work");
}

void hash_free(struct hash *h)
{
	if (h)
		EVP_MD_CTX_free(h->ctx);
	free(h);
}

struct hash *hash_new(struct err *e)
{
	AUTO(hash_free) struct hash *h = xcalloc(1, sizeof(*h));

	if (!OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL)) {
		fail(e);
		return NULL;
	}
	h->ctx = EVP_MD_CTX_new();
	if (!h->ctx || hash_start(h, e)) {
		fail(e);
		return NULL;
	}
	return TAKE(h);
}

int hash_start(struct hash *h, struct err *e)
{
	return EVP_DigestInit_ex(h->ctx, EVP_sha256(), NULL) ? 0 : fail(e);
}

int hash_add(struct hash *h, const void *p, size_t n, struct err *e)
{
	return EVP_DigestUpdate(h->ctx, p, n) ? 0 : fail(e);
}

int hash_end(struct hash *h, char ret[SHA256_HEX + 1], struct err *e)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned len = 0;

	if (!EVP_DigestFinal_ex(h->ctx, digest, &len) || len != SHA256_LEN)
		return fail(e);
	sha256_hex(digest, ret);
	return 0;
}
