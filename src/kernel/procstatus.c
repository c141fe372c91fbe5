/*
 * procstatus.c - parses what /proc/PID says. Opens nothing.
 */
#include "kernel/procstatus.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *status_field(const char *status, const char *name)
{
	size_t n = strlen(name);

	for (const char *p = status; p; p = strchr(p, '\n')) {
		p += *p == '\n';
		if (strncmp(p, name, n) == 0 && p[n] == ':')
			return p + n + 1;
		if (!*p)
			break;
	}
	return NULL;
}

int status_number(const char *status, const char *name, int base, uint64_t *ret,
		  struct err *e)
{
	const char *p = status_field(status, name);
	char *end;

	if (!p)
		return err_set(e, ERR_VERIFY, "the kernel reports no %s", name);
	*ret = strtoull(p, &end, base);
	if (end == p)
		return err_set(e, ERR_VERIFY, "the kernel's %s is unreadable",
			       name);
	return 0;
}

int status_ids(const char *status, const char *name, uint32_t ret[4],
	       struct err *e)
{
	const char *p = status_field(status, name);

	if (!p || sscanf(p, "%" SCNu32 "%" SCNu32 "%" SCNu32 "%" SCNu32,
			 &ret[0], &ret[1], &ret[2], &ret[3]) != 4)
		return err_set(e, ERR_VERIFY, "the kernel's %s is unreadable",
			       name);
	return 0;
}

/* ---- mountinfo ---- */

static void unescape(char *s) /* \040 and friends, in place */
{
	char *to = s;

	for (; *s; s++) {
		if (s[0] == '\\' && s[1] >= '0' && s[1] <= '3' && s[2] &&
		    s[3]) {
			*to++ = (char)((s[1] - '0') * 64 + (s[2] - '0') * 8 +
				       (s[3] - '0'));
			s += 3;
		} else {
			*to++ = *s;
		}
	}
	*to = '\0';
}

/* id parent dev root TARGET OPTIONS tags… - TYPE source super */
int mountinfo_line(char *text, struct mountinfo_line *l)
{
	char *f[6], *word;

	for (int i = 0; i < 6; i++)
		if (!(f[i] = strsep(&text, " ")))
			return -1;
	*l = (struct mountinfo_line){ .id = atoi(f[0]),
				      .parent = atoi(f[1]),
				      .dev = f[2],
				      .root = f[3],
				      .target = f[4],
				      .options = f[5] };
	unescape(l->root);
	unescape(l->target);
	while ((word = strsep(&text, " ")) && strcmp(word, "-") != 0)
		l->propagates |= strncmp(word, "shared:", 7) == 0 ||
				 strncmp(word, "master:", 7) == 0;
	l->type = strsep(&text, " ");
	(void)strsep(&text, " "); /* the source, a word without meaning */
	l->super = text;
	return l->type && l->super ? 0 : -1;
}

uint64_t mountinfo_attr(char *options, const struct word *words)
{
	uint64_t attr = 0, v;
	char *word;

	while ((word = strsep(&options, ",")))
		if (word_find(words, word, &v))
			attr |= v;
	return attr;
}

/* ---- limits ---- */

static bool limit_value(const char **text, uint64_t *ret)
{
	char *end;

	*text += strspn(*text, " ");
	if (strncmp(*text, "unlimited", 9) == 0) {
		*text += 9;
		*ret = UINT64_MAX;
		return true;
	}
	*ret = strtoull(*text, &end, 10);
	if (end == *text)
		return false;
	*text = end;
	return true;
}

bool limits_row(const char *limits, const char *name, uint64_t *ret_soft,
		uint64_t *ret_hard)
{
	const char *row = strstr(limits, name);

	if (!row || (row != limits && row[-1] != '\n'))
		return false;
	row += strlen(name);
	return limit_value(&row, ret_soft) && limit_value(&row, ret_hard);
}
