/* SPDX-License-Identifier: Apache-2.0 */
#include "net/csrf.h"
#include "unit.h"

static const struct str secret = STR_INIT("0123456789abcdef0123456789abcdef");

TEST(a_csrf_token_belongs_to_its_session)
{
	struct str token = csrf_token(c->arena, secret);

	EQ(token.n, 43);
	EQ_STR(csrf_token(c->arena, secret), token);
	OK(!str_eq(csrf_token(c->arena, STR("0123456789abcdef0123456789abcdeF")), token));
}

TEST(a_post_needs_the_token_in_its_form_or_in_a_header)
{
	struct str token = csrf_token(c->arena, secret);
	struct form_field fields[] = { { STR("csrf"), token } };
	struct req_header headers[] = { { STR("X-CSRF-Token"), token } };
	struct req q = { .arena = c->arena, .form = { fields, 1 } };

	OK(csrf_check(c, &q, secret));
	FAILS(csrf_check(c, &q, STR("another session's secret")), ERR_DENIED, "");
	fields[0].value = str_slice(token, 0, 42);
	FAILS(csrf_check(c, &q, secret), ERR_DENIED, "");
	q.form.count = 0;
	FAILS(csrf_check(c, &q, secret), ERR_DENIED, "");
	q.headers = headers;
	q.header_count = 1;
	OK(csrf_check(c, &q, secret));
}

TEST(requests_that_another_site_sends_are_refused)
{
	static const struct {
		const char *site, *origin;
		bool ours;
	} cases[] = {
		{ "same-origin", "https://acme.example", true },
		{ "none", "", true },
		{ "same-site", "https://evil.acme.example", false },
		{ "cross-site", "https://acme.example", false },
		{ "", "https://acme.example", true },
		{ "", "https://ACME.example", true },
		{ "", "http://acme.example", true },
		{ "", "https://acme.example:8443", false },
		{ "", "https://acme.example.evil.example", false },
		{ "", "null", false },
		{ "", "ftp://acme.example", false },
		{ "", "", true },
	};

	for (size_t i = 0; i < LEN(cases); i++) {
		struct req_header h[] = {
			{ STR("Sec-Fetch-Site"), str_from(cases[i].site) },
			{ STR("Origin"), str_from(cases[i].origin) },
		};
		struct req q = { .arena = c->arena, .host = STR("acme.example"), .headers = h,
		                 .header_count = 2 };

		EQ(csrf_origin(c, &q), cases[i].ours);
	}
}
