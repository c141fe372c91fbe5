/*
 * layer.c - the rules for one entry of a layer archive: text and numbers
 * only. What a name means once symbolic links exist is decided where files
 * are opened (base/path.h), not here.
 */
#include "format/layer.h"

#include <inttypes.h>
#include <string.h>
#include "format/text.h"

#define WHITEOUT     ".wh."
#define WHITEOUT_LEN (sizeof(WHITEOUT) - 1)
#define AUFS	     ".wh..wh."
#define OPAQUE	     ".wh..wh..opq"

static bool has_prefix(const char *s, size_t n, const char *prefix)
{
	size_t len = strlen(prefix);

	return n >= len && !memcmp(s, prefix, len);
}

static int refuse(struct err *e, const char *what, const char *name,
		  const char *why)
{
	err_set(e, ERR_INPUT, "%s \"%s\": %s", what, SHOW(name), why);
	return -1;
}

/* Why this one part of a path is refused, or NULL. */
static const char *part_refused(const char *part, size_t n)
{
	if (n == 2 && part[0] == '.' && part[1] == '.')
		return "leaves the layer (\"..\")";
	/* a whiteout names NAME with four bytes more */
	if (n > LAYER_NAME_MAX + WHITEOUT_LEN ||
	    (n > LAYER_NAME_MAX && !has_prefix(part, n, WHITEOUT)))
		return "a part of the name is longer than 255 bytes";
	return NULL;
}

/* What a part says that has others below it. */
static enum layer_what part_what(const char *part, size_t n)
{
	if (has_prefix(part, n, AUFS))
		return LAYER_IGNORE;
	return has_prefix(part, n, WHITEOUT) ? LAYER_WHITEOUT : LAYER_ENTRY;
}

/*
 * Cleans `name` into `ret`: relative, no empty part, no ".". Every part but
 * the last is also looked at for ".wh.": *ret_inner says what was found
 * there (LAYER_ENTRY when nothing).
 */
static int clean(const char *what, const char *name, char *ret,
		 enum layer_what *ret_inner, struct err *e)
{
	size_t len = 0, depth = 0, last = 0;
	enum layer_what inner = LAYER_ENTRY;

	for (const char *p = name; *p;) {
		size_t n = strcspn(p, "/");
		const char *why = part_refused(p, n);

		if (why)
			return refuse(e, what, name, why);
		if (n > 0 && !(n == 1 && *p == '.')) {
			if (++depth > LAYER_DEPTH_MAX)
				return refuse(e, what, name,
					      "more than 256 directories deep");
			if (inner == LAYER_ENTRY)
				inner = part_what(ret + last, len - last);
			if (len)
				ret[len++] = '/';
			last = len;
			memcpy(ret + len, p, n);
			len += n;
		}
		p += n + (p[n] == '/');
	}
	ret[len] = '\0';
	*ret_inner = inner;
	return 0;
}

static int clean_checked(const char *what, const char *name, char *ret,
			 enum layer_what *ret_inner, struct err *e)
{
	if (!*name)
		return refuse(e, what, name, "it is empty");
	if (strnlen(name, LAYER_PATH_MAX + 1) > LAYER_PATH_MAX)
		return refuse(e, what, name, "longer than 4095 bytes");
	if (clean(what, name, ret, ret_inner, e))
		return -1;
	if (*name == '/' && *ret)
		return refuse(e, what, name, "absolute, so not in the layer");
	return 0;
}

/* `ret` ends in a part that begins with ".wh.". */
static int whiteout(const char *name, char *ret, char *last, struct err *e)
{
	char *hidden = last + WHITEOUT_LEN;

	if (!strcmp(last, OPAQUE)) {
		last[last == ret ? 0 : -1] = '\0';
		return LAYER_OPAQUE;
	}
	if (!strncmp(last, AUFS, sizeof(AUFS) - 1))
		return LAYER_IGNORE;
	if (!*hidden || !strcmp(hidden, ".") || !strcmp(hidden, ".."))
		return refuse(e, "layer entry", name,
			      "a whiteout that hides no name");
	memmove(last, hidden, strlen(hidden) + 1);
	return LAYER_WHITEOUT;
}

static char *last_part(char *path)
{
	char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

int layer_name(const char *name, char *ret, struct err *e)
{
	char tmp[LAYER_PATH_MAX + 1];
	enum layer_what inner = LAYER_ENTRY;
	int what = LAYER_ENTRY;
	char *last;

	if (clean_checked("layer entry", name, tmp, &inner, e))
		return -1;
	last = last_part(tmp);
	if (inner == LAYER_WHITEOUT)
		return refuse(e, "layer entry", name,
			      "a whiteout is used as a directory");
	if (!*tmp)
		what = LAYER_ROOT;
	else if (inner == LAYER_IGNORE)
		what = LAYER_IGNORE;
	else if (!strncmp(last, WHITEOUT, WHITEOUT_LEN))
		what = whiteout(name, tmp, last, e);
	if (what >= 0)
		memcpy(ret, tmp, strlen(tmp) + 1);
	return what;
}

int layer_link(const char *name, char *ret, struct err *e)
{
	char tmp[LAYER_PATH_MAX + 1];
	enum layer_what inner = LAYER_ENTRY;

	if (clean_checked("hard link target", name, tmp, &inner, e))
		return -1;
	if (!*tmp)
		return refuse(e, "hard link target", name,
			      "it is the root of the layer");
	if (inner != LAYER_ENTRY ||
	    !strncmp(last_part(tmp), WHITEOUT, WHITEOUT_LEN))
		return refuse(e, "hard link target", name, "a whiteout");
	memcpy(ret, tmp, strlen(tmp) + 1);
	return LAYER_ENTRY;
}

mode_t layer_mode(mode_t mode)
{
	return mode & 01777;
}

bool layer_keeps_xattr(const char *name)
{
	static const char *const ours[] = { "user.overlay.", "user.immure." };

	if (strncmp(name, "user.", 5) || !name[5] ||
	    strnlen(name, LAYER_NAME_MAX + 1) > LAYER_NAME_MAX)
		return false;
	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (!strncmp(name, ours[i], strlen(ours[i])))
			return false;
	return true;
}

int layer_owner(int64_t id, uint32_t limit, const char *what, uint32_t *ret,
		struct err *e)
{
	if (id < 0 || id >= (int64_t)limit)
		return err_set(e, ERR_INPUT,
			       "%s %" PRId64 ": outside the ids 0 to %" PRId64
			       " that this user may use; more subordinate ids "
			       "(/etc/subuid, /etc/subgid) would allow it",
			       what, id, (int64_t)limit - 1);
	*ret = (uint32_t)id;
	return 0;
}
