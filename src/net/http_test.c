/* SPDX-License-Identifier: Apache-2.0 */
#include "net/http.h"
#include "unit.h"

static const struct req_header headers[] = {
	{ STR_INIT("Host"), STR_INIT("acme.example") },
	{ STR_INIT("Cookie"), STR_INIT("a=1; __Host-sid=s%3D; empty=; b") },
	{ STR_INIT("cookie"), STR_INIT("late=x=y") },
	{ STR_INIT("Content-Type"), STR_INIT("Application/X-WWW-Form-Urlencoded; charset=utf-8") },
};

static struct req request(struct ctx *c)
{
	return (struct req){ .arena = c->arena, .headers = headers, .header_count = LEN(headers) };
}

TEST(headers_are_found_whatever_their_case)
{
	struct req q = request(c);

	EQ_STR(req_header(&q, "host"), "acme.example");
	EQ_STR(req_header(&q, "HOST"), "acme.example");
	EQ_STR(req_header(&q, "origin"), "");
	EQ_STR(req_media(&q), "application/x-www-form-urlencoded");
}

TEST(cookies_are_found_by_their_whole_name)
{
	struct req q = request(c);

	EQ_STR(req_cookie(&q, "a"), "1");
	EQ_STR(req_cookie(&q, "__Host-sid"), "s%3D");
	EQ_STR(req_cookie(&q, "sid"), "");
	EQ_STR(req_cookie(&q, "empty"), "");
	EQ_STR(req_cookie(&q, "b"), "");
	EQ_STR(req_cookie(&q, "late"), "x=y");
}

TEST(a_form_post_is_decoded_and_other_bodies_are_not)
{
	struct req q = request(c);

	q.body = STR("name=Ann+B&city=K%C3%B6ln");
	OK(req_read_form(c, &q));
	EQ(q.form.count, 2);
	EQ_STR(form_get(&q.form, "city"), "K\xc3\xb6ln");

	q = request(c);
	q.header_count = 3;
	q.body = STR("{}");
	OK(req_read_form(c, &q));
	EQ(q.form.count, 0);
}

TEST(a_header_cannot_be_used_to_begin_another_one)
{
	struct res r;

	res_init(&r, c->arena);
	res_redirect(&r, 303, STR("/a\r\nSet-Cookie: x=1"));
	EQ(r.status, 303);
	EQ_STR(r.headers[0].value, "/a  Set-Cookie: x=1");
}

TEST(a_body_in_another_charset_is_told_apart)
{
	static const struct {
		const char *type;
		bool other;
	} cases[] = {
		{ "application/json", false },
		{ "application/json; charset=UTF-8", false },
		{ "application/json;charset = \"utf-8\"; version=1", false },
		{ "application/json; charset=us-ascii", false },
		{ "application/json; charset=latin1", true },
		{ "application/json; CHARSET=\"utf-16\"", true },
		{ "application/json; charset=utf-8; charset=latin1", true },
		{ "application/json; charset", true },
	};

	for (size_t i = 0; i < LEN(cases); i++) {
		struct req_header type = { STR("Content-Type"), str_from(cases[i].type) };
		struct req q = { .arena = c->arena, .headers = &type, .header_count = 1 };

		EQ(req_other_charset(&q), cases[i].other);
	}
}

TEST(a_later_answer_replaces_an_earlier_one)
{
	struct res r;

	res_init(&r, c->arena);
	res_json(&r, 200, STR("{\"a\":1}"));
	res_text(&r, 404, STR("text/plain"), STR("no"));
	EQ(r.status, 404);
	EQ_STR(buf_text(&r.body), "no");
}

TEST(a_problem_says_what_is_wrong_where_and_whether_to_try_again)
{
	struct res r;

	res_init(&r, c->arena);
	NO(fail(c, ERR_INVALID, "tiers/0/from", "must be \"positive\""));
	res_problem(&r, &c->err, STR("req_1"), STR("/api/v1/campaigns"));
	EQ(r.status, 422);
	EQ_STR(r.content_type, "application/problem+json");
	EQ_STR(buf_text(&r.body),
	       "{\"type\":\"about:blank\",\"title\":\"A value is not acceptable\",\"status\":422,"
	       "\"detail\":\"tiers/0/from must be \\\"positive\\\"\",\"instance\":\"/api/v1/campaigns\","
	       "\"code\":\"invalid_field\",\"param\":\"/tiers/0/from\","
	       "\"errors\":[{\"pointer\":\"/tiers/0/from\",\"code\":\"invalid_field\","
	       "\"detail\":\"tiers/0/from must be \\\"positive\\\"\"}],"
	       "\"request_id\":\"req_1\",\"doc_url\":\"/docs/errors#invalid_field\","
	       "\"retryable\":false}");

	fail_clear(c);
	NO(fail(c, ERR_BUSY, NULL, "later"));
	res_problem(&r, &c->err, STR("req_2"), STR("/"));
	EQ(r.status, 503);
	EQ_STR(r.headers[0].name, "Retry-After");
}
