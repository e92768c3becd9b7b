/* SPDX-License-Identifier: Apache-2.0 */
#include "base/check.h"
#include "data/json.h"
#include "data/json_out.h"

/* What was read is written and read again to the same value; nothing else may happen. */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct ctx c = { .arena = &a };
	struct str text = { (const char *)data, size }, s;
	json_t *value, *again;
	int64_t number;
	struct buf b;

	arena_init(&a);
	buf_init(&b, &a);
	jw_str(&b, text);
	CHECK(size > 0 && memchr(data, 0, size) ? true : json_read(&c, buf_text(&b), &again));
	if (json_read(&c, text, &value)) {
		buf_init(&b, &a);
		jw_json(&b, value);
		CHECK(json_read(&c, buf_text(&b), &again));
		CHECK(json_equal(value, again));
		if (json_is_object(value)) {
			(void)(json_get_str(&c, value, "name", MUST(1, 20), &s)
			       && json_get_int(&c, value, "n", MAY(0, 9), &number)
			       && json_get_time(&c, value, "at", MAY(0, 0), &number));
		}
	} else {
		CHECK(c.err.code == ERR_MALFORMED);
		CHECK(str_is_text(str_from(c.err.field)));
	}
	arena_release(&a);
	return 0;
}
