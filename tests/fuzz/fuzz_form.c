/* SPDX-License-Identifier: Apache-2.0 */
#include "data/form.h"
#include "fuzz.h"

FUZZ
{
	struct form form, again;
	struct buf b;
	char name[128];

	if (refused(c, form_read(c, text, &form)))
		return;
	buf_init(&b, c->arena);
	for (size_t i = 0; i < form.count; i++) {
		if (form.fields[i].name.n == 0 || form.fields[i].name.n >= sizeof(name))
			return;
		memcpy(name, form.fields[i].name.p, form.fields[i].name.n);
		name[form.fields[i].name.n] = '\0';
		form_put(&b, name, form.fields[i].value);
	}
	CHECK(form_read(c, buf_text(&b), &again));
	CHECK(again.count == form.count);
	for (size_t i = 0; i < form.count; i++)
		CHECK(str_eq(again.fields[i].value, form.fields[i].value));
}
