/* SPDX-License-Identifier: Apache-2.0 */
#include "net/asset.h"
#include "base/embed.h"
#include "unit.h"

#include <time.h>

/* The largest embedded style sheet or script; NULL when the front end has not been made. */
static const struct embed *sample(void)
{
	size_t count = 0;
	const struct embed *files = embed_list("web/", &count), *best = NULL;

	for (size_t i = 0; i < count; i++) {
		struct str name = str_from(files[i].name);

		if ((str_ends(name, ".js") || str_ends(name, ".css"))
		    && (!best || files[i].n > best->n))
			best = &files[i];
	}
	return best;
}

static struct req ask(struct ctx *c, struct str path, struct req_header *h, size_t count)
{
	return (struct req){ .arena = c->arena, .path = path, .headers = h, .header_count = count };
}

static struct str header(const struct res *r, const char *name)
{
	struct req q = { .headers = r->headers, .header_count = r->header_count };

	return req_header(&q, name);
}

TEST(the_address_of_an_asset_changes_with_its_contents_and_is_kept_for_ever)
{
	const struct embed *e = sample();
	struct res r;

	if (!e)
		return;
	struct str name = str_from(e->name + 4), url = asset_url(name);
	struct req q = ask(c, url, NULL, 0);

	OK(asset_exists(name));
	OK(str_starts(url, "/assets/") && url.n == name.n + 8 + 17);
	res_init(&r, c->arena);
	OK(asset_serve(c, &q, &r));
	EQ(r.status, 200);
	OK(r.cacheable);
	EQ_STR(header(&r, "cache-control"), "public, max-age=31536000, immutable");
	EQ(r.static_size, e->n);
	OK(str_starts(r.content_type, "text/"));

	q.path = arena_printf(c->arena, "/assets/%.*s", STR_ARG(name));
	res_init(&r, c->arena);
	OK(asset_serve(c, &q, &r));
	EQ_STR(header(&r, "cache-control"), "no-cache");
}

TEST(an_asset_that_the_browser_has_is_not_sent_again)
{
	const struct embed *e = sample();
	struct req_header h[] = { { STR("If-None-Match"), { 0 } } };
	struct res r;

	if (!e)
		return;
	struct req q = ask(c, asset_url(str_from(e->name + 4)), h, 0);

	res_init(&r, c->arena);
	OK(asset_serve(c, &q, &r));
	h[0].value = arena_printf(c->arena, "\"other\", W/%.*s", STR_ARG(header(&r, "etag")));
	q.header_count = 1;
	res_init(&r, c->arena);
	OK(asset_serve(c, &q, &r));
	EQ(r.status, 304);
	EQ(r.static_size, 0);
}

TEST(assets_are_compressed_for_those_who_accept_it)
{
	const struct embed *e = sample();
	struct req_header h[] = { { STR("Accept-Encoding"), STR("gzip, deflate, br") } };
	struct res r;

	if (!e || e->n < 1000)
		return;
	asset_start();
	for (size_t last = 0, i = 0; i < 500 && last != 1; i++) {
		struct timespec pause = { .tv_nsec = 10000000 };
		struct req q = ask(c, asset_url(str_from(e->name + 4)), h, 1);

		res_init(&r, c->arena);
		OK(asset_serve(c, &q, &r));
		last = str_is(header(&r, "content-encoding"), "br");
		nanosleep(&pause, NULL);
	}
	EQ_STR(header(&r, "content-encoding"), "br");
	EQ_STR(header(&r, "vary"), "Accept-Encoding");
	OK(r.static_size < e->n / 2);
	h[0].value = STR("br;q=0, GZIP");
	struct req q = ask(c, asset_url(str_from(e->name + 4)), h, 1);

	res_init(&r, c->arena);
	OK(asset_serve(c, &q, &r));
	EQ_STR(header(&r, "content-encoding"), "gzip");
	asset_stop();
}

TEST(what_is_no_asset_is_not_found)
{
	struct req q = ask(c, STR("/assets/../secret"), NULL, 0);
	struct res r;

	res_init(&r, c->arena);
	FAILS(asset_serve(c, &q, &r), ERR_NOT_FOUND, "");
	q.path = STR("/assets/");
	FAILS(asset_serve(c, &q, &r), ERR_NOT_FOUND, "");
	FAILS(asset_send(c, &q, &r, STR("partnerd.no")), ERR_NOT_FOUND, "");
	DIES(asset_url(STR("no.css")));
}
