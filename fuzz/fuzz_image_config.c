/*
 * fuzz_image_config.c - format/image_config: what was parsed keeps the
 * promises that plan/ relies on.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/strv.h"
#include "format/digest.h"
#include "format/image_config.h"
#include "format/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool condition)
{
	if (!condition)
		abort();
}

static void check(const struct image_config *c)
{
	must(c->os && *c->os && c->arch && *c->arch);
	must(c->user && text_is_plain(c->user));
	must(c->workdir && (!*c->workdir || *c->workdir == '/'));
	must(!strstr(c->workdir, "/../") && text_is_plain(c->workdir));
	must(c->stop_signal && c->created);
	must(c->diff_ids && c->diff_ids[0]);
	strv_foreach (s, c->env)
		must(strchr(*s, '=') > *s && text_is_value(*s));
	strv_foreach (s, c->entrypoint)
		must(text_is_value(*s));
	strv_foreach (s, c->cmd)
		must(text_is_value(*s));
	strv_foreach (s, c->volumes)
		must(**s == '/' && (*s)[1] && text_is_plain(*s));
	strv_foreach (s, c->labels)
		must(strchr(*s, '=') > *s);
	strv_foreach (s, c->ports)
		must(**s >= '0' && **s <= '9' && strchr(*s, '/'));
	strv_foreach (s, c->diff_ids)
		must(digest_is_valid(*s));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(image_config_done) struct image_config c = { 0 };
	struct err e = ERR_INIT;

	if (image_config_parse((const char *)data, size, &c, &e))
		must(*e.msg && !c.os);
	else
		check(&c);
	return 0;
}
