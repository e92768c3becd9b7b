/* SPDX-License-Identifier: Apache-2.0 */
#include "base/check.h"
#include "data/json.h"
#include "data/template.h"

/*
 * Any template either fails to compile with a reason or renders; and in a page that
 * compiles, a value never brings a tag of its own.
 */

#define VALUE "<\\\"'>x:" /* as it stands in JSON */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char VIEW[] =
        "{\"a\":\"" VALUE "\",\"b\":[1,2.5,{\"c\":null}],\"o\":{\"amount\":5,\"currency\":\"EUR\"},"
        "\"n\":7,\"currency\":\"USD\",\"at\":\"2026-01-01T00:00:00Z\",\"t\":true,\"f\":false}";

static size_t tags(struct str s)
{
	size_t count = 0;

	for (size_t i = 0; i + 1 < s.n; i++)
		count += s.p[i] == '<' && s.p[i + 1] == '"';
	return count;
}

static void run(struct ctx *c, const char *name, struct str text, unsigned flags)
{
	struct template_set *s = template_set_new(c->arena, flags);
	json_t *view;
	struct buf out;

	buf_init(&out, c->arena);
	CHECK(json_read(c, str_from(VIEW), &view));
	CHECK(template_set_add(c, s, STR("_p.html"), STR("<p>{{a}}</p>\n")));
	if (!template_set_add(c, s, str_from(name), text)) {
		CHECK(c->err.code == ERR_INTERNAL && c->err.msg[0]);
		return;
	}
	if (template_render(c, s, name, view, &out) && str_ends(str_from(name), ".html")
	    && !(flags & TEMPLATE_BARE))
		CHECK(tags(buf_text(&out)) == 0 || tags(text) > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct ctx c = { .arena = &a };
	struct str text = { (const char *)data, size };

	if (size > 4096)
		return 0;
	arena_init(&a);
	run(&c, "x.html", text, TEMPLATE_STRICT);
	run(&c, "x.html", text, 0);
	run(&c, "x.txt", text, 0);
	run(&c, "x", text, TEMPLATE_BARE);
	arena_release(&a);
	return 0;
}
