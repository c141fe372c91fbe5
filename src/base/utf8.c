/*
 * utf8.c - strict UTF-8.
 *
 * Knows no character properties but the few that can deceive a reader of a
 * terminal: controls, bidirectional overrides, invisible characters.
 */
#include "base/table.h"
#include "base/utf8.h"

size_t utf8_decode(const char *p, size_t n, uint32_t *ret)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *s = (const unsigned char *)p;
	size_t len, i;
	uint32_t cp;

	if (n == 0)
		return 0;
	if (s[0] < 0x80) {
		*ret = s[0];
		return 1;
	}
	len = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
	if (s[0] < 0xc2 || s[0] > 0xf4 || len > n)
		return 0;
	cp = s[0] & (0xffu >> (len + 1));
	for (i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		cp = cp << 6 | (s[i] & 0x3f);
	}
	if (cp < least[len] || cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff))
		return 0;
	*ret = cp;
	return len;
}

size_t utf8_encode(uint32_t cp, char ret[4])
{
	size_t len = cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
	size_t i;

	if (len == 1) {
		ret[0] = (char)cp;
		return 1;
	}
	for (i = len - 1; i > 0; i--) {
		ret[i] = (char)(0x80 | (cp & 0x3f));
		cp >>= 6;
	}
	ret[0] = (char)((0xf00u >> len & 0xff) | cp);
	return len;
}

bool utf8_is_printable(uint32_t cp)
{
	static const struct {
		uint32_t first, last;
	} hidden[] = {
		{ 0x0000, 0x001f },   /* C0 controls */
		{ 0x007f, 0x009f },   /* DEL, C1 controls */
		{ 0x00ad, 0x00ad },   /* soft hyphen */
		{ 0x061c, 0x061c },   /* Arabic letter mark */
		{ 0x180e, 0x180e },   /* Mongolian vowel separator */
		{ 0x200b, 0x200f },   /* zero width, directional marks */
		{ 0x2028, 0x202e },   /* line separators, bidi overrides */
		{ 0x2060, 0x206f },   /* word joiner, bidi isolates */
		{ 0xfe00, 0xfe0f },   /* variation selectors */
		{ 0xfeff, 0xfeff },   /* byte order mark */
		{ 0xfff0, 0xfffb },   /* interlinear annotation */
		{ 0xe0000, 0xe0fff }, /* tags, more variation selectors */
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(hidden); i++)
		if (cp >= hidden[i].first && cp <= hidden[i].last)
			return false;
	return true;
}
