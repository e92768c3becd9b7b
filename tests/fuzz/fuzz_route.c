/* SPDX-License-Identifier: Apache-2.0 */
#include "base/check.h"
#include "net/route.h"

/* Whatever the path, the row found fits it and its arguments are what the path says. */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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
	ROW(METHOD_GET, "/a/b"),
	ROW(METHOD_POST, "/a/:x"),
	ROW(METHOD_GET, "/a/:x/c.csv"),
	ROW(METHOD_GET, "/:org/b/:x/:y/:z"),
	ROW(METHOD_GET, "/:org/b/c/:y/d"),
	ROW(METHOD_DELETE, "/:org/:b/c"),
};

/* The row's path with its names replaced by the arguments. */
static struct str rebuilt(struct arena *a, const struct route *row, const struct req *q)
{
	struct str rest = str_from(row->path);
	size_t arg = 0;
	struct buf b;

	buf_init(&b, a);
	rest = str_slice(rest, 1, rest.n);
	do {
		struct str segment = str_cut(&rest, '/');

		buf_char(&b, '/');
		buf_str(&b, str_starts(segment, ":") ? q->args[arg++] : segment);
	} while (rest.p);
	CHECK(arg == q->arg_count);
	return buf_text(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct str path = { (const char *)data, size };
	bool known;

	arena_init(&a);
	struct router *router = router_new(&a, rows, sizeof(rows) / sizeof(rows[0]));

	for (int m = METHOD_GET; m <= METHOD_COUNT; m++) {
		struct req q = { .arena = &a, .method = (enum method)m, .path = path };
		const struct route *row = router_match(router, &q, &known);

		CHECK(!row || known);
		CHECK(known == (router_allow(router, &q).n > 0));
		if (row && str_find(path, '%', 0) == SIZE_MAX)
			CHECK(str_eq(rebuilt(&a, row, &q), path));
		for (size_t i = 0; row && i < q.arg_count; i++)
			CHECK(str_is_text(q.args[i]) && str_find(q.args[i], '/', 0) == SIZE_MAX);
	}
	arena_release(&a);
	return 0;
}
