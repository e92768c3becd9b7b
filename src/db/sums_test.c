/* SPDX-License-Identifier: Apache-2.0 */
#include "db/sums.h"
#include "db/db_driver.h"
#include "db/fixture.h"

static const struct sql SQL_ADD = {
	.text = "INSERT INTO standing (org_id, partner_id, campaign_id, month, revenue, sales,"
	        " customers, projects, earned) VALUES ($1, $2, 7, 202611, $3, $4, 0, 0, 0)"
	        " ON CONFLICT (org_id, partner_id, campaign_id, month) DO UPDATE SET"
	        " revenue = standing.revenue + excluded.revenue,"
	        " sales = standing.sales + excluded.sales",
	.sums_from = 3,
};
static const struct sql SQL_REVENUE = {
	.text = "SELECT CAST(COALESCE(SUM(revenue), -1) AS BIGINT) FROM standing"
	        " WHERE org_id = $1 AND partner_id = $2",
};
static const struct sql SQL_ROWS = { .text = "SELECT count(*) FROM standing WHERE org_id = $1" };
static const struct sql SQL_OTHER = { .text = "SELECT count(*) FROM campaign WHERE org_id = $1" };

static void add(struct ctx *c, int64_t partner_id, int64_t revenue)
{
	OK(db_exec(c, &SQL_ADD, ARGS(val_int(partner_id), val_int(revenue), val_int(1))));
}

static int64_t ask(struct ctx *c, const struct sql *q, struct args args)
{
	int64_t n = -2;

	OK(db_int(c, q, args, &n));
	return n;
}

static int64_t revenue(struct ctx *c, int64_t partner_id)
{
	return ask(c, &SQL_REVENUE, ARGS(val_int(partner_id)));
}

static int64_t committed(struct ctx *c, struct store *s, int64_t partner_id)
{
	int64_t n;

	OK(fixture_read(c, s, 1));
	n = revenue(c, partner_id);
	OK(fixture_commit(c, s));
	return n;
}

STORE_TEST(additions_to_one_row_are_added_up_and_written_with_the_commit)
{
	OK(fixture_write(c, s, 1));
	add(c, 1, 100);
	add(c, 2, 5);
	add(c, 1, 20);
	EQ(c->db->sums.count, 2);
	EQ(ask(c, &SQL_OTHER, NO_ARGS), 0);
	EQ(c->db->sums.count, 2);
	OK(fixture_commit(c, s));
	EQ(committed(c, s, 1), 120);
	EQ(committed(c, s, 2), 5);
	OK(fixture_write(c, s, 1));
	add(c, 1, -20);
	OK(fixture_commit(c, s));
	EQ(committed(c, s, 1), 100);
}

STORE_TEST(a_statement_that_names_the_table_sees_what_was_added)
{
	OK(fixture_write(c, s, 1));
	add(c, 1, 100);
	EQ(revenue(c, 1), 100);
	EQ(c->db->sums.count, 0);
	add(c, 1, 1);
	EQ(revenue(c, 1), 101);
	OK(fixture_commit(c, s));
	EQ(committed(c, s, 1), 101);
}

STORE_TEST(a_rollback_forgets_what_was_added)
{
	OK(fixture_write(c, s, 1));
	add(c, 1, 100);
	fixture_rollback(c, s);
	OK(fixture_write(c, s, 1));
	add(c, 2, 1);
	OK(fixture_commit(c, s));
	EQ(committed(c, s, 1), -1);
}

STORE_TEST(a_part_that_is_undone_takes_its_additions_along)
{
	OK(fixture_write(c, s, 1));
	add(c, 1, 100);
	OK(store_savepoint(c, c->db));
	add(c, 1, 7);
	add(c, 2, 7);
	OK(store_savepoint_undo(c, c->db));
	OK(store_savepoint(c, c->db));
	add(c, 1, 20);
	OK(store_savepoint_release(c, c->db));
	OK(fixture_commit(c, s));
	EQ(committed(c, s, 1), 120);
	EQ(committed(c, s, 2), -1);
}

STORE_TEST(what_was_written_inside_an_undone_part_is_not_lost_with_it)
{
	OK(fixture_write(c, s, 1));
	add(c, 1, 100);
	OK(store_savepoint(c, c->db));
	add(c, 1, 7);
	EQ(revenue(c, 1), 107); /* written here, with what was there before the part */
	OK(store_savepoint_undo(c, c->db));
	add(c, 1, 3);
	OK(fixture_commit(c, s));
	EQ(committed(c, s, 1), 103);
}

STORE_TEST(parts_inside_parts_are_undone_alone_and_with_the_outer_one)
{
	OK(fixture_write(c, s, 1));
	add(c, 1, 1);
	OK(store_savepoint(c, c->db));
	add(c, 1, 10);
	OK(store_savepoint(c, c->db));
	add(c, 1, 100);
	EQ(revenue(c, 1), 111);
	OK(store_savepoint_undo(c, c->db));
	OK(store_savepoint(c, c->db));
	add(c, 1, 1000);
	OK(store_savepoint_release(c, c->db));
	EQ(revenue(c, 1), 1011);
	OK(store_savepoint_undo(c, c->db));
	EQ(revenue(c, 1), 1);
	OK(store_savepoint(c, c->db));
	OK(store_savepoint(c, c->db));
	add(c, 1, 5);
	OK(store_savepoint_release(c, c->db));
	OK(store_savepoint_release(c, c->db));
	OK(fixture_commit(c, s));
	EQ(committed(c, s, 1), 6);
}

STORE_TEST(more_rows_than_there_is_room_for_are_written_in_between)
{
	OK(fixture_write(c, s, 1));
	for (int round = 0; round < 2; round++)
		for (int64_t partner = 1; partner <= SUMS_MAX + 10; partner++)
			add(c, partner, partner);
	EQ(ask(c, &SQL_ROWS, NO_ARGS), SUMS_MAX + 10);
	OK(fixture_commit(c, s));
	EQ(committed(c, s, 3), 6);
	EQ(committed(c, s, SUMS_MAX + 10), 2 * (SUMS_MAX + 10));
}
