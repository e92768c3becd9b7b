/* SPDX-License-Identifier: Apache-2.0 */
#include "web/assets.h"
#include "data/form.h"
#include "unit.h"

static struct str header_of(const struct res *r, const char *name)
{
	for (size_t i = 0; i < r->header_count; i++)
		if (str_is(r->headers[i].name, name))
			return r->headers[i].value;
	return STR("");
}

static bool ask(struct ctx *c, const char *file, struct req *q, struct res *r)
{
	q->arena = c->arena;
	q->args[0] = str_from(file);
	q->arg_count = 1;
	res_init(r, c->arena);
	return assets_web(c, q, r);
}

TEST(a_file_of_this_version_may_be_kept_for_a_year)
{
	struct form_field v = { STR("v"), assets_version() };
	struct req q = { .query = { &v, 1 } };
	struct res r;

	OK(ask(c, "app.css", &q, &r));
	EQ(r.status, 200);
	EQ_STR(r.content_type, "text/css; charset=utf-8");
	EQ_STR(header_of(&r, "Cache-Control"), "public, max-age=31536000, immutable");
	v.value = STR("another");
	OK(ask(c, "app.css", &q, &r));
	EQ_STR(header_of(&r, "Cache-Control"), "no-cache");
}

TEST(a_file_is_packed_for_those_who_can_unpack_it)
{
	struct req_header accept = { STR("Accept-Encoding"), STR("br, gzip") };
	struct req q = { .headers = &accept, .header_count = 1 };
	struct res plain, packed;

	OK(ask(c, "app.css", &q, &packed));
	EQ_STR(header_of(&packed, "Content-Encoding"), "gzip");
	accept.value = STR("gzip;q=0");
	OK(ask(c, "app.css", &q, &plain));
	EQ_STR(header_of(&plain, "Content-Encoding"), "");
	OK(packed.static_size * 3 < plain.static_size);
	OK(packed.static_size < 12 * 1024);
}

TEST(a_file_that_has_not_changed_is_not_sent_again)
{
	struct req_header tag = { STR("If-None-Match"), STR("") };
	struct req q = { .headers = &tag, .header_count = 1 };
	struct res r;

	OK(ask(c, "app.js", &q, &r));
	tag.value = header_of(&r, "ETag");
	OK(ask(c, "app.js", &q, &r));
	EQ(r.status, 304);
	EQ(r.static_size, 0);
}

TEST(only_files_of_the_front_end_are_served)
{
	struct req q = { 0 };
	struct res r;

	NO(ask(c, "0001_start.sql", &q, &r));
	EQ(c->err.code, ERR_NOT_FOUND);
	NO(ask(c, "../migrations/0001_start.sql", &q, &r));
}
