/* SPDX-License-Identifier: Apache-2.0 */
#include "db/pg_batch.h"
#define FIXTURE_MIGRATIONS "tests/cases/db"
#include "db/fixture.h"

static struct str text_of(struct ctx *c, const struct sql *q, size_t params)
{
	struct pg_stmt s = { .param_count = params };

	return pg_batch_text(c->arena, q, &s);
}

TEST(a_plain_insert_becomes_one_for_many_rows)
{
	static const struct sql own = {
		.text = "INSERT INTO t (org_id, a, b, c, d) VALUES ($1, $3, -7, 'x''', $2)",
	};
	static const struct sql good = {
		.text = "INSERT INTO t (org_id, a, b, c, d) VALUES ($1, $3, -7, 'x, y', $12)",
	};
	static const struct sql global = { .text = "INSERT INTO t (a) VALUES ($1)",
	                                   .global = true };

	/* a quote inside quotes is not understood, so left alone */
	EQ_STR(text_of(c, &own, 3), "");
	EQ_STR(text_of(c, &good, 3),
	       "INSERT INTO t (org_id, a, b, c, d) SELECT $1, r.p3, -7, 'x, y', r.p12"
	       " FROM unnest($2, $3) AS r (p2, p3)");
	EQ_STR(text_of(c, &global, 1), "INSERT INTO t (a) SELECT r.p1 FROM unnest($1) AS r (p1)");
}

TEST(other_statements_are_left_alone)
{
	static const struct sql others[] = {
		{ .text = "INSERT INTO t (org_id, a) VALUES ($1, $2) ON CONFLICT DO NOTHING" },
		{ .text = "INSERT INTO t (org_id, a) VALUES ($1, $2) RETURNING a" },
		{ .text = "INSERT INTO t (org_id, a) VALUES ($1, $2 + 1)" },
		{ .text = "INSERT INTO t (org_id, a) VALUES ($1, (SELECT 1))" },
		{ .text = "INSERT INTO t (org_id, a) SELECT $1, $2" },
		{ .text = "UPDATE t SET a = $2 WHERE org_id = $1" },
		{ .text = "INSERT INTO t (org_id, a) VALUES ($1, $2), ($1, 4)" },
	};

	for (size_t i = 0; i < LEN(others); i++)
		EQ_STR(text_of(c, &others[i], 2), "");
}

static const struct sql SQL_THING = {
	.text = "INSERT INTO thing (org_id, id, slug, name, currency, url, status, review)"
	        " VALUES ($1, $2, $3, $4, 'EUR', $5, 0, -1)",
};
static const struct sql SQL_NAMES = {
	.text = "SELECT id, slug, url, review FROM thing WHERE org_id = $1 ORDER BY id",
};
static const struct sql SQL_RENAME = {
	.text = "UPDATE thing SET name = $2 WHERE org_id = $1",
};
static const struct sql SQL_COUNT = {
	.text = "SELECT count(*) FROM thing WHERE org_id = $1 AND name = $2",
};

static void add(struct ctx *c, int64_t id, struct val url)
{
	struct str slug = arena_printf(c->arena, "s%lld", (long long)id);

	OK(db_exec(c, &SQL_THING, ARGS(val_int(id), val_str(slug), val_str(STR("n")), url)));
}

static int64_t count(struct ctx *c, struct str name)
{
	int64_t n;

	OK(db_int(c, &SQL_COUNT, ARGS(val_str(name)), &n));
	return n;
}

STORE_TEST(rows_arrive_in_order_and_unchanged_however_they_travel)
{
	struct rows r;

	OK(fixture_write(c, s, 1));
	add(c, 1, (struct val){ .type = VAL_NULL }); /* the type is not known yet: alone */
	add(c, 2, val_str(STR("a,\"b\" {c} \\ NULL")));
	add(c, 3, (struct val){ .type = VAL_NULL });
	add(c, 4, val_str(STR("")));
	OK(db_query(c, &SQL_NAMES, NO_ARGS, &r));
	EQ(r.count, 4);
	EQ(rows_val(&r, 0, 2).type, VAL_NULL);
	EQ_STR(rows_str(&r, 1, 2), "a,\"b\" {c} \\ NULL");
	EQ(rows_val(&r, 2, 2).type, VAL_NULL);
	EQ(rows_val(&r, 3, 2).type, VAL_STR);
	EQ(rows_int(&r, 3, 3), -1);
	OK(fixture_commit(c, s));
}

STORE_TEST(what_follows_an_insert_finds_its_rows)
{
	OK(fixture_write(c, s, 1));
	add(c, 1, val_str(STR("x")));
	add(c, 2, val_str(STR("x")));
	OK(db_exec(c, &SQL_RENAME, ARGS(val_str(STR("first")))));
	add(c, 3, val_str(STR("x")));
	add(c, 4, val_str(STR("x")));
	EQ(count(c, STR("first")), 2);
	EQ(count(c, STR("n")), 2);
	OK(fixture_commit(c, s));
}

STORE_TEST(an_undo_takes_back_rows_that_wait_and_no_others)
{
	OK(fixture_write(c, s, 1));
	add(c, 1, val_str(STR("x")));
	add(c, 2, val_str(STR("x")));
	OK(store_savepoint(c, c->db));
	add(c, 3, val_str(STR("x")));
	add(c, 4, val_str(STR("x")));
	OK(store_savepoint_undo(c, c->db));
	OK(store_savepoint(c, c->db));
	add(c, 5, val_str(STR("x")));
	OK(store_savepoint_release(c, c->db));
	OK(store_savepoint(c, c->db));
	OK(store_savepoint_undo(c, c->db));
	EQ(count(c, STR("n")), 3);
	add(c, 6, val_str(STR("x")));
	OK(fixture_commit(c, s));
	OK(fixture_read(c, s, 1));
	EQ(count(c, STR("n")), 4);
	OK(fixture_commit(c, s));
}

STORE_TEST(a_rollback_forgets_rows_that_wait)
{
	OK(fixture_write(c, s, 1));
	add(c, 1, val_str(STR("x")));
	add(c, 2, val_str(STR("x")));
	fixture_rollback(c, s);
	OK(fixture_write(c, s, 1));
	add(c, 3, val_str(STR("x")));
	OK(fixture_commit(c, s));
	OK(fixture_read(c, s, 1));
	EQ(count(c, STR("n")), 1);
	OK(fixture_commit(c, s));
}

STORE_TEST(more_rows_than_fit_into_one_statement_arrive)
{
	OK(fixture_write(c, s, 1));
	for (int64_t i = 1; i <= 1500; i++)
		add(c, i, val_str(STR("x")));
	EQ(count(c, STR("n")), 1500);
	OK(fixture_commit(c, s));
}
