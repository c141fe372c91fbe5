/*
 * values.c - one value of a step as text.
 *
 * Pure. Strings come from outside: they are quoted and their control
 * characters escaped (R40).
 */
#include "plan/values.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/defaults.h"
#include "base/sha256.h"
#include "base/strv.h"

/* Bits that have no word are shown as a number. */
static void add_bits(const struct word *words, unsigned shift, uint64_t v,
		     char sep, struct buf *b)
{
	const char *between = "";
	char sep_text[2] = { sep, '\0' };

	for (; words && words->name && v; words++) {
		uint64_t bits = shift ? 1ull << words->value : words->value;

		if (!bits || (v & bits) != bits)
			continue;
		buf_printf(b, "%s%s", between,
			   words->name + (shift ? strlen("CAP_") : 0));
		between = sep_text;
		v &= ~bits;
	}
	if (v)
		buf_printf(b, "%s0x%" PRIx64, between, v);
}

void value_flags(const struct word *words, uint64_t v, char sep, struct buf *b)
{
	if (!v)
		buf_str(b, "none");
	else
		add_bits(words, 0, v, sep, b);
}

void value_object(const struct object_id *id, struct buf *b)
{
	buf_printf(b, "%" PRIu64 ":%" PRIu64, id->dev, id->ino);
}

void value_idmap(const struct spec_idmap *m, struct buf *b)
{
	buf_printf(b, "%" PRIu32 ":%" PRIu32 ":%" PRIu32, m->inside, m->outer,
		   m->count);
}

void value_blob_digest(const struct blob *blob, struct buf *b)
{
	char hex[SHA256_HEX + 1];

	/* of a plan that was read back, only the digest is known */
	if (!blob->data && blob->size && blob->digest[0]) {
		buf_str(b, blob->digest);
		return;
	}
	sha256_of(blob->data, blob->size, hex);
	buf_printf(b, "sha256:%s", hex);
}

#define PRINTER(kind)                                                          \
	static void print_##kind(const struct field *f, const struct step *s,  \
				 bool full, struct buf *b)

PRINTER(bool)
{
	(void)full;
	buf_str(b, VALUE(bool, f, s) ? "yes" : "no");
}

PRINTER(int)
{
	(void)full;
	buf_printf(b, "%d", VALUE(int, f, s));
}

PRINTER(u32)
{
	(void)full;
	buf_printf(b, "%" PRIu32, VALUE(uint32_t, f, s));
}

PRINTER(u64)
{
	(void)full;
	buf_printf(b, "%" PRIu64, VALUE(uint64_t, f, s));
}

PRINTER(size)
{
	static const char units[] = "\0kmgt";
	uint64_t v = VALUE(uint64_t, f, s);
	size_t i = 0;

	(void)full;
	for (; v && v % 1024 == 0 && i < 4; i++)
		v /= 1024;
	buf_printf(b, "%" PRIu64, v);
	if (units[i])
		buf_char(b, units[i]);
}

PRINTER(limit)
{
	uint64_t v = VALUE(uint64_t, f, s);

	(void)full;
	if (v == UINT64_MAX)
		buf_str(b, "unlimited");
	else
		buf_printf(b, "%" PRIu64, v);
}

PRINTER(octal)
{
	(void)full;
	buf_printf(b, "%04" PRIo32, VALUE(uint32_t, f, s));
}

PRINTER(mode)
{
	static const struct word types[] = {
		{ "file", S_IFREG }, { "dir", S_IFDIR },
		{ "char", S_IFCHR }, { "block", S_IFBLK },
		{ "fifo", S_IFIFO }, { "socket", S_IFSOCK },
		{ "link", S_IFLNK }, { NULL, 0 },
	};
	uint32_t v = VALUE(uint32_t, f, s);
	const char *type = word_name(types, v & S_IFMT);

	(void)full;
	if (type)
		buf_printf(b, "%s,%04" PRIo32, type, v & ~(uint32_t)S_IFMT);
	else
		buf_printf(b, "%07" PRIo32, v);
}

PRINTER(rdev)
{
	uint64_t v = VALUE(uint64_t, f, s);

	(void)full;
	buf_printf(b, "%u:%u", major(v), minor(v));
}

PRINTER(word)
{
	uint32_t v = VALUE(uint32_t, f, s);
	const char *word = word_name(f->words, v);

	(void)full;
	if (word)
		buf_str(b, word);
	else
		buf_printf(b, "%" PRIu32, v);
}

PRINTER(flags)
{
	(void)full;
	value_flags(f->words, VALUE(uint64_t, f, s), ',', b);
}

PRINTER(caps)
{
	uint64_t v = VALUE(uint64_t, f, s);

	(void)full;
	if (!v)
		buf_str(b, "none");
	else if (v == CAPS_ALL)
		buf_str(b, "all");
	else
		add_bits(cap_words, 1, v, ',', b);
}

PRINTER(str)
{
	const char *v = VALUE(char *, f, s);

	(void)full;
	buf_quoted(b, v ? v : "");
}

PRINTER(strv)
{
	const char *between = "";

	(void)full;
	strv_foreach (v, VALUE(char **, f, s)) {
		buf_str(b, between);
		buf_quoted(b, *v);
		between = " ";
	}
}

PRINTER(object)
{
	(void)full;
	value_object(field_get(f, s), b);
}

PRINTER(objects)
{
	const struct object_id *v = VALUE(struct object_id *, f, s);
	size_t i;

	(void)full;
	for (i = 0; i < field_count(f, s); i++) {
		buf_str(b, i ? "," : "");
		value_object(&v[i], b);
	}
}

PRINTER(ids)
{
	const uint32_t *v = VALUE(uint32_t *, f, s);
	size_t i, n = field_count(f, s);

	(void)full;
	for (i = 0; i < n; i++)
		buf_printf(b, "%s%" PRIu32, i ? "," : "", v[i]);
	if (!n)
		buf_str(b, "none");
}

PRINTER(idmap)
{
	const struct idmap_list *l = field_get(f, s);
	size_t i;

	(void)full;
	for (i = 0; i < l->n; i++) {
		buf_str(b, i ? "," : "");
		value_idmap(&l->v[i], b);
	}
}

PRINTER(layers)
{
	const struct spec_layer *v = VALUE(struct spec_layer *, f, s);
	size_t i;

	for (i = 0; i < field_count(f, s); i++) {
		buf_str(b, i ? " " : "");
		buf_quoted(b, v[i].path ? v[i].path : "");
		if (!full)
			continue;
		buf_char(b, '@');
		value_object(&v[i].id, b);
	}
}

/* Landlock rights in six letters: read write execute, make and remove,
 * ioctl on devices; in the full form each by its name. */
static void add_rights(uint64_t access, bool full, struct buf *b)
{
	static const struct {
		char letter;
		uint64_t bits;
	} letters[] = {
		{ 'r', 1 << 2 | 1 << 3 }, { 'w', 1 << 1 | 1 << 14 },
		{ 'x', 1 << 0 },	  { 'm', 0x3ff0 },
		{ 'i', 1 << 15 },
	};
	size_t i;

	if (full) {
		value_flags(landlock_fs_words, access, '+', b);
		return;
	}
	for (i = 0; i < ARRAY_SIZE(letters); i++)
		if (access & letters[i].bits)
			buf_char(b, letters[i].letter);
}

PRINTER(rules)
{
	const struct landlock_path *v = VALUE(struct landlock_path *, f, s);
	size_t i, n = field_count(f, s);

	for (i = 0; i < n; i++) {
		buf_str(b, i ? " " : "");
		buf_quoted(b, v[i].path ? v[i].path : "");
		buf_char(b, ':');
		add_rights(v[i].access, full, b);
	}
	if (!n)
		buf_str(b, "nothing");
}

PRINTER(blob)
{
	const struct blob *v = field_get(f, s);
	const uint8_t *bytes = v->data;
	size_t start, i;

	buf_quoted(b, v->name ? v->name : "");
	buf_printf(b, " %zu bytes ", v->size);
	start = b->len;
	value_blob_digest(v, b);
	if (!full) { /* enough to tell two filters apart */
		b->len = start + strlen("sha256:") + 12;
		b->p[b->len] = '\0';
		return;
	}
	buf_printf(b, " flags 0x%" PRIx64 " ", v->flags);
	for (i = 0; bytes && i < v->size; i++)
		buf_printf(b, "%02x", bytes[i]);
}

void value_text(const struct field *f, const struct step *s, bool full,
		struct buf *b)
{
	static void (*const printers[])(const struct field *,
					const struct step *, bool,
					struct buf *) = {
		[FIELD_BOOL] = print_bool,	 [FIELD_INT] = print_int,
		[FIELD_U32] = print_u32,	 [FIELD_U64] = print_u64,
		[FIELD_SIZE] = print_size,	 [FIELD_LIMIT] = print_limit,
		[FIELD_OCTAL] = print_octal,	 [FIELD_MODE] = print_mode,
		[FIELD_RDEV] = print_rdev,	 [FIELD_WORD] = print_word,
		[FIELD_FLAGS] = print_flags,	 [FIELD_CAPS] = print_caps,
		[FIELD_STR] = print_str,	 [FIELD_PATH] = print_str,
		[FIELD_STRV] = print_strv,	 [FIELD_OBJECT] = print_object,
		[FIELD_OBJECTS] = print_objects, [FIELD_IDS] = print_ids,
		[FIELD_IDMAP] = print_idmap,	 [FIELD_LAYERS] = print_layers,
		[FIELD_RULES] = print_rules,	 [FIELD_BLOB] = print_blob,
	};
	_Static_assert(ARRAY_SIZE(printers) == FIELD_KIND_COUNT, "all kinds");

	printers[f->kind](f, s, full, b);
}
