/* SPDX-License-Identifier: Apache-2.0 */
#include "data/template.h"
#include "data/json.h"
#include "fuzz.h"

static const char view_text[] =
	"{\"name\":\"<zz onzz='x'>\\\"'&\",\"url\":\"javascript:zz\",\"yes\":true,\"n\":1234,"
	"\"list\":[{\"name\":\"a\"},{\"name\":\"<zz>\"}],\"a\":{\"b\":\"<zz>\"},\"currency\":\"USD\"}";

static bool has(struct str text, const char *what)
{
	return text.n > 0 && memmem(text.p, text.n, what, strlen(what)) != NULL;
}

/* Whatever the template, a value never becomes a tag or a script's address. */
FUZZ
{
	struct template_set *set = template_set_new(c->arena, 0);
	struct buf out;
	json_t *view;

	if (refused(c, template_set_add(c, set, STR("page.html"), text)))
		return;
	CHECK(json_read(c, str_from(view_text), &view));
	buf_init(&out, c->arena);
	template_render(c, set, "page.html", view, &out);
	if (!has(text, "<zz"))
		CHECK(!has(buf_text(&out), "<zz"));
	fail_clear(c);
	template_set_close(set);
}
