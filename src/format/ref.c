/*
 * ref.c - image names. Text only: whether an image of that name exists is
 * the store's business, and an id ("busybox" is a name, 64 hex digits are
 * not) is tried there first.
 */
#include "format/ref.h"

#include <string.h>
#include "base/alloc.h"
#include "base/buf.h"
#include "base/num.h"
#include "format/digest.h"
#include "format/text.h"

#define DEFAULT_HOST "docker.io"
#define OFFICIAL     "library/"
#define NAME_MAX_LEN 255 /* host and path together */
#define TAG_MAX	     128
#define HEX	     "0123456789abcdef"
#define ALNUM	     "abcdefghijklmnopqrstuvwxyz0123456789"

static int refuse(struct err *e, const char *s, const char *why)
{
	return err_set(e, ERR_INPUT, "image name \"%s\": %s", SHOW(s), why);
}

/* Is the first part of a name a host? */
static bool is_host(const char *part)
{
	return strpbrk(part, ".:[") || !strcmp(part, "localhost");
}

static bool is_image_id(const char *path)
{
	return strlen(path) == 64 && strspn(path, HEX) == 64;
}

/* Letters, digits and inner dashes between dots. */
static bool host_name_is_valid(const char *s, size_t n)
{
	char before = '.';

	for (size_t i = 0; i < n; i++) {
		char c = s[i];

		if (!strchr(ALNUM "-.ABCDEFGHIJKLMNOPQRSTUVWXYZ", c))
			return false;
		if ((c == '-' || c == '.') && before == '.')
			return false;
		if (c == '.' && before == '-')
			return false;
		before = c;
	}
	return before != '.' && before != '-';
}

/* Why the host is refused, or NULL. */
static const char *host_refused(const char *host)
{
	const char *end = strchrnul(host, ':');
	uint64_t port;

	if (*host == '[') {
		end = strchr(host, ']');
		if (!end ||
		    strspn(host + 1, HEX ":") != (size_t)(end - host - 1) ||
		    end - host < 3)
			return "the host is not an IPv6 address in brackets";
		end++;
	} else if (!host_name_is_valid(host, (size_t)(end - host))) {
		return "the host is not a domain name";
	}
	if (!*end)
		return NULL;
	if (*end != ':' || num_u64(end + 1, 65535, "port", &port, NULL) ||
	    port == 0 || strlen(end + 1) > 5)
		return "the port is not a number from 1 to 65535";
	return NULL;
}

/* The length of a separator: ".", "_", "__" or dashes; 0 when there is none */
static size_t separator(const char *s)
{
	size_t dashes = strspn(s, "-");

	if (dashes)
		return dashes;
	if (*s == '.')
		return 1;
	return *s == '_' ? 1 + (s[1] == '_') : 0;
}

/* [a-z0-9]+, single separators between, slashes between such parts. */
static const char *path_refused(const char *path)
{
	for (const char *p = path;;) {
		size_t n = strspn(p, ALNUM);

		if (n == 0 && *p >= 'A' && *p <= 'Z')
			return "the name must be in lower case";
		if (n == 0)
			return "each part must be letters and digits, with "
			       "single '.', '_', '__' or dashes between";
		p += n;
		if (!*p)
			return NULL;
		p += *p == '/' ? 1 : separator(p);
	}
}

static const char *tag_refused(const char *tag)
{
	if (!*tag)
		return "the tag is empty";
	if (*tag == '.' || *tag == '-' || !text_is_word(tag, "_.-"))
		return "a tag holds only letters, digits, '_', '.' and '-' "
		       "and begins with none of the last two";
	if (strlen(tag) > TAG_MAX)
		return "the tag is longer than 128 bytes";
	return NULL;
}

/* Host and path of `name` (no tag, no digest) with docker's completion. */
static void split_name(const char *name, struct ref *ret)
{
	const char *slash = strchr(name, '/');
	auto_free char *first =
		slash ? xstrndup(name, (size_t)(slash - name)) : NULL;

	if (!slash || !is_host(first)) {
		ret->host = xstrdup(DEFAULT_HOST);
		ret->path =
			slash ? xstrdup(name) : xasprintf(OFFICIAL "%s", name);
		return;
	}
	if (!strcmp(first, "index.docker.io"))
		ret->host = xstrdup(DEFAULT_HOST);
	else
		ret->host = TAKE(first);
	if (!strcmp(ret->host, DEFAULT_HOST) && !strchr(slash + 1, '/'))
		ret->path = xasprintf(OFFICIAL "%s", slash + 1);
	else
		ret->path = xstrdup(slash + 1);
}

static const char *ref_refused(const struct ref *r, const char *name)
{
	const char *why = NULL;

	if (!*name)
		return "it is empty";
	if (strlen(r->host) + 1 + strlen(r->path) > NAME_MAX_LEN)
		return "longer than 255 bytes";
	if (is_image_id(name))
		return "that is an image id, which cannot be a name";
	why = host_refused(r->host);
	if (!why)
		why = path_refused(r->path);
	if (!why && r->tag)
		why = tag_refused(r->tag);
	if (!why && r->digest && !digest_is_valid(r->digest))
		why = "after '@' a digest is wanted: sha256: and 64 hex digits";
	return why;
}

int ref_parse(const char *s, struct ref *ret, struct err *e)
{
	AUTO(ref_done) struct ref r = { 0 };
	auto_free char *name = NULL;
	const char *why;
	char *at, *slash, *colon;

	/* the longest valid one: 255 + ":" + 128 + "@" + 135 */
	if (strnlen(s, 1024) == 1024)
		return refuse(e, s, "longer than 1023 bytes");
	name = xstrdup(s);
	at = strchr(name, '@');
	if (at) {
		*at = '\0';
		r.digest = xstrdup(at + 1);
	}
	slash = strrchr(name, '/');
	colon = strchr(slash ? slash : name, ':');
	if (colon) {
		*colon = '\0';
		r.tag = xstrdup(colon + 1);
	} else if (!at) {
		r.tag = xstrdup("latest");
	}
	split_name(name, &r);
	why = ref_refused(&r, name);
	if (why)
		return refuse(e, s, why);
	*ret = r;
	r = (struct ref){ 0 };
	return 0;
}

static char *print(const char *host, const char *path, const struct ref *r)
{
	AUTO(buf_done) struct buf b = BUF_INIT;

	if (host)
		buf_printf(&b, "%s/", host);
	buf_str(&b, path);
	if (r->tag)
		buf_printf(&b, ":%s", r->tag);
	if (r->digest)
		buf_printf(&b, "@%s", r->digest);
	return buf_take(&b);
}

char *ref_print(const struct ref *r)
{
	return print(r->host, r->path, r);
}

/*
 * Leaves out what ref_parse would add again, and only that: the result
 * always means the same image.
 */
char *ref_familiar(const struct ref *r)
{
	const char *path = r->path;
	const char *slash = strchr(path, '/');
	auto_free char *first = NULL;

	if (strcmp(r->host, DEFAULT_HOST))
		return print(r->host, path, r);
	if (!strncmp(path, OFFICIAL, strlen(OFFICIAL)) &&
	    !strchr(slash + 1, '/') && !is_image_id(slash + 1))
		return print(NULL, slash + 1, r);
	first = slash ? xstrndup(path, (size_t)(slash - path)) : NULL;
	if (!slash || is_host(first))
		return print(r->host, path, r);
	return print(NULL, path, r);
}

void ref_done(struct ref *r)
{
	free(r->host);
	free(r->path);
	free(r->tag);
	free(r->digest);
	*r = (struct ref){ 0 };
}
