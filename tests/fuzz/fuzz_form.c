/* SPDX-License-Identifier: Apache-2.0 */
#include "base/check.h"
#include "data/form.h"

/* What was read is written and read again to the same parameters. */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct ctx c = { .arena = &a };
	struct str text = { (const char *)data, size };
	struct form f, again;
	struct buf b;

	arena_init(&a);
	buf_init(&b, &a);
	if (form_read(&c, text, &f)) {
		for (size_t i = 0; i < f.count; i++)
			form_put(&b, arena_cstr(&a, f.fields[i].name), f.fields[i].value);
		CHECK(form_read(&c, buf_text(&b), &again));
		CHECK(f.count == again.count);
		for (size_t i = 0; i < f.count; i++)
			CHECK(str_eq(f.fields[i].name, again.fields[i].name)
			      && str_eq(f.fields[i].value, again.fields[i].value));
	} else {
		CHECK(c.err.code == ERR_MALFORMED || c.err.code == ERR_TOO_LARGE);
	}
	arena_release(&a);
	return 0;
}
