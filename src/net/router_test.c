/* SPDX-License-Identifier: Apache-2.0 */
#include "net/route.h"
#include "unit.h"

static bool nothing(struct ctx *c, const struct req *q, struct res *r)
{
	(void)c;
	(void)q;
	(void)r;
	return true;
}

#define ROW(m, p) { .method = (m), .path = (p), .run = nothing }

static const struct route rows[] = {
	ROW(METHOD_GET, "/"),
	ROW(METHOD_GET, "/:slug"),
	ROW(METHOD_GET, "/login"),
	ROW(METHOD_POST, "/login"),
	ROW(METHOD_GET, "/assets/:file"),
	ROW(METHOD_GET, "/api/v1/partners"),
	ROW(METHOD_POST, "/api/v1/partners"),
	ROW(METHOD_GET, "/api/v1/partners/:id"),
	ROW(METHOD_PATCH, "/api/v1/partners/:id"),
	ROW(METHOD_DELETE, "/api/v1/partners/:id"),
	ROW(METHOD_GET, "/api/v1/partners/export.csv"),
	ROW(METHOD_PUT, "/api/v1/partners/:id/override"),
	ROW(METHOD_GET, "/api/v1/payout-runs/:id/export.csv"),
	ROW(METHOD_POST, "/api/v1/hooks/:provider/:org"),
	ROW(METHOD_GET, "/:org/partners/:id"),
	ROW(METHOD_GET, "/:org/settings/team"),
};

static const struct {
	enum method method;
	const char *path, *row, *first, *second;
	bool known;
} cases[] = {
	{ METHOD_GET, "/", "/", "", "", true },
	{ METHOD_GET, "/summer", "/:slug", "summer", "", true },
	{ METHOD_HEAD, "/summer", "/:slug", "summer", "", true },
	{ METHOD_GET, "/caf%C3%A9", "/:slug", "caf\xc3\xa9", "", true },
	{ METHOD_GET, "/a%20b+c", "/:slug", "a b+c", "", true },
	{ METHOD_GET, "/login", "/login", "", "", true },
	{ METHOD_GET, "/l%6fgin", "/login", "", "", true },
	{ METHOD_GET, "/LOGIN", "/:slug", "LOGIN", "", true },
	{ METHOD_POST, "/login", "/login", "", "", true },
	{ METHOD_POST, "/summer", NULL, "", "", true },
	{ METHOD_DELETE, "/login", NULL, "", "", true },
	{ METHOD_COUNT, "/login", NULL, "", "", true },
	{ METHOD_GET, "/api", "/:slug", "api", "", true },
	{ METHOD_GET, "/api/v1", NULL, "", "", false },
	{ METHOD_GET, "/api/partners/7", "/:org/partners/:id", "api", "7", true },
	{ METHOD_GET, "/acme/partners/7", "/:org/partners/:id", "acme", "7", true },
	{ METHOD_GET, "/acme/settings/team", "/:org/settings/team", "acme", "", true },
	{ METHOD_GET, "/acme/settings", NULL, "", "", false },
	{ METHOD_GET, "/api/v1/partners/prt_1", "/api/v1/partners/:id", "prt_1", "", true },
	{ METHOD_GET, "/api/v1/partners/export.csv", "/api/v1/partners/export.csv", "", "", true },
	{ METHOD_PATCH, "/api/v1/partners/export.csv", "/api/v1/partners/:id", "export.csv", "",
	  true },
	{ METHOD_POST, "/api/v1/partners/prt_1", NULL, "", "", true },
	{ METHOD_PUT, "/api/v1/partners/prt_1/override", "/api/v1/partners/:id/override", "prt_1",
	  "",
	  true },
	{ METHOD_GET, "/api/v1/payout-runs/run_1/export.csv", "/api/v1/payout-runs/:id/export.csv",
	  "run_1", "", true },
	{ METHOD_POST, "/api/v1/hooks/stripe/acme", "/api/v1/hooks/:provider/:org", "stripe",
	  "acme",
	  true },
	{ METHOD_GET, "", NULL, "", "", false },
	{ METHOD_GET, "*", NULL, "", "", false },
	{ METHOD_GET, "summer", NULL, "", "", false },
	{ METHOD_GET, "//", NULL, "", "", false },
	{ METHOD_GET, "/login/", NULL, "", "", false },
	{ METHOD_GET, "//login", NULL, "", "", false },
	{ METHOD_GET, "/a%2fb", NULL, "", "", false },
	{ METHOD_GET, "/a%2Fb", NULL, "", "", false },
	{ METHOD_GET, "/a%00b", NULL, "", "", false },
	{ METHOD_GET, "/a%", NULL, "", "", false },
	{ METHOD_GET, "/a%4", NULL, "", "", false },
	{ METHOD_GET, "/a%zz", NULL, "", "", false },
	{ METHOD_GET, "/a%ff", NULL, "", "", false },
	{ METHOD_GET, "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p", NULL, "", "", false },
};

TEST(each_path_finds_the_row_that_says_most_about_it)
{
	struct router *router = router_new(c->arena, rows, LEN(rows));

	for (size_t i = 0; i < LEN(cases); i++) {
		struct req q = { .arena = c->arena, .method = cases[i].method,
		                 .path = str_from(cases[i].path) };
		bool known = false;
		const struct route *row = router_match(router, &q, &known);

		EQ_STR(row ? row->path : "none", cases[i].row ? cases[i].row : "none");
		EQ(row != NULL, cases[i].row != NULL);
		EQ(known, cases[i].known);
		EQ_STR(q.arg_count > 0 ? q.args[0] : STR(""), cases[i].first);
		EQ_STR(q.arg_count > 1 ? q.args[1] : STR(""), cases[i].second);
		OK(q.route == row);
	}
}

TEST(a_known_path_tells_which_methods_it_takes)
{
	struct router *router = router_new(c->arena, rows, LEN(rows));
	struct req q = { .arena = c->arena, .path = STR("/api/v1/partners/prt_1") };

	EQ_STR(router_allow(router, &q), "GET, HEAD, PATCH, DELETE, OPTIONS");
	q.path = STR("/login");
	EQ_STR(router_allow(router, &q), "GET, HEAD, POST, OPTIONS");
	q.path = STR("/nothing/here");
	EQ_STR(router_allow(router, &q), "");
}

TEST(rows_that_nobody_could_tell_apart_are_a_bug)
{
	static const struct route twice[] = { ROW(METHOD_GET, "/a/:x"), ROW(METHOD_GET, "/a/:y") };
	static const struct route relative[] = { ROW(METHOD_GET, "a") };
	static const struct route doubled[] = { ROW(METHOD_GET, "/a//b") };
	static const struct route slash[] = { ROW(METHOD_GET, "/a/") };
	static const struct route nameless[] = { ROW(METHOD_GET, "/a/:") };
	static const struct route many[] = { ROW(METHOD_GET, "/:a/:b/:c/:d/:e") };

	DIES(router_new(c->arena, twice, LEN(twice)));
	DIES(router_new(c->arena, relative, LEN(relative)));
	DIES(router_new(c->arena, doubled, LEN(doubled)));
	DIES(router_new(c->arena, slash, LEN(slash)));
	DIES(router_new(c->arena, nameless, LEN(nameless)));
	DIES(router_new(c->arena, many, LEN(many)));
}
