/*
 * blob.c - looks up and reads blobs. They are put there by publish.c and
 * removed by gc.c.
 */
#include "store/blob.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/sha256.h"
#include "format/digest.h"

int blob_check_digest(const char *digest, const char *what, struct err *e)
{
	if (digest_check(digest, what, e))
		return -1;
	if (strncmp(digest, "sha256:", 7))
		return err_set(e, ERR_INPUT,
			       "%s %.20s…: only sha256 digests are supported",
			       what, digest);
	return 0;
}

bool blob_is_there(struct store *s, const char *digest, uint64_t size)
{
	struct stat st;

	if (fstatat(s->blobs, digest_hex(digest), &st, AT_SYMLINK_NOFOLLOW))
		return false;
	return S_ISREG(st.st_mode) &&
	       (size == UINT64_MAX || (uint64_t)st.st_size == size);
}

int blob_read(struct store *s, const char *digest, size_t max, struct buf *ret,
	      struct err *e)
{
	char hex[SHA256_HEX + 1];

	if (blob_check_digest(digest, "blob", e) ||
	    file_read_at(s->blobs, digest_hex(digest), max, ret, e))
		return -1;
	sha256_of(ret->p ? ret->p : "", ret->len, hex);
	if (strcmp(hex, digest_hex(digest)))
		return err_set(e, ERR_VERIFY,
			       "blob %s: its content was changed on disk; "
			       "remove the image and load it again",
			       digest);
	return 0;
}
