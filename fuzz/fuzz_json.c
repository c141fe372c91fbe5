/*
 * fuzz_json.c - base/json: whatever the scan passes, json-c must take, with
 * every getter; what the scan refuses never reaches json-c.
 */
#include <stdint.h>
#include <stdlib.h>
#include "base/json.h"
#include "base/strv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void get_all(struct json_object *o)
{
	AUTO(strv_free) char **v = NULL;
	struct json_object *sub;
	const char *s;
	int64_t i;
	uint64_t u;
	size_t n;
	bool b;

	json_get_str(o, "a", &s, NULL);
	json_get_i64(o, "a", 0, &i, NULL);
	json_get_u64(o, "a", 0, &u, NULL);
	json_get_bool(o, "a", false, &b, NULL);
	json_get_strv(o, "a", &v, NULL);
	if (json_get_array(o, "a", &sub, &n, NULL) == 0 && n)
		get_all(json_at(sub, n - 1));
	if (json_get_obj(o, "a", &sub, NULL) == 0 && sub)
		get_all(sub);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err scan = ERR_INIT, parse = ERR_INIT;
	struct json_object *o;
	int rc = json_scan("fuzz", (const char *)data, size, &scan);

	o = json_parse("fuzz", (const char *)data, size, &parse);
	if ((rc == 0) != (o != NULL) || (rc && !*scan.msg))
		abort();
	if (o)
		get_all(o);
	json_free(o);
	return 0;
}
