/* SPDX-License-Identifier: Apache-2.0 */
#include "net/cookie.h"
#include "unit.h"

static struct req request(struct ctx *c, struct req_header *h, bool https)
{
	return (struct req){ .arena = c->arena, .headers = h, .header_count = 1, .https = https };
}

TEST(a_cookie_over_https_belongs_to_this_host_alone)
{
	struct req_header h[] = { { STR("Cookie"), STR("sid=forged; __Host-sid=real") } };
	struct req q = request(c, h, true);
	struct res r;

	res_init(&r, c->arena);
	cookie_set(&q, &r, "sid", STR("abc-_1"), 86400);
	EQ_STR(r.headers[0].name, "Set-Cookie");
	EQ_STR(r.headers[0].value,
	       "__Host-sid=abc-_1; Path=/; Max-Age=86400; HttpOnly; SameSite=Lax; Secure");
	EQ_STR(cookie_get(&q, "sid"), "real");
	cookie_clear(&q, &r, "sid");
	EQ_STR(r.headers[1].value, "__Host-sid=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure");
	h[0].value = STR("sid=forged");
	EQ_STR(cookie_get(&q, "sid"), "");
}

TEST(without_https_a_cookie_has_its_plain_name)
{
	struct req_header h[] = { { STR("Cookie"), STR("sid=x") } };
	struct req q = request(c, h, false);
	struct res r;

	res_init(&r, c->arena);
	cookie_set(&q, &r, "sid", STR("abc"), 0);
	EQ_STR(r.headers[0].value, "sid=abc; Path=/; HttpOnly; SameSite=Lax");
	EQ_STR(cookie_get(&q, "sid"), "x");
	DIES(cookie_set(&q, &r, "sid", STR("a;b"), 0));
}
