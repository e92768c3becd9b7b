/* SPDX-License-Identifier: Apache-2.0 */
#include "db/asked.h"
#include "db/db_driver.h"
#include "db/fixture.h"

static const struct sql SQL_PUT = {
	.text = "INSERT INTO payment_ref (org_id, ref, sale_id) VALUES ($1, $2, $3)",
};
static const struct sql SQL_PARK = {
	.text = "INSERT INTO parked (org_id, sale_key, event_id, sale_external_id, created_at,"
	        " applied_at) VALUES ($1, $2, $3, 'x', 0, 0)",
	.late = "parked",
	.late_key = 2,
};
static const struct sql SQL_APPLY = {
	.text = "UPDATE parked SET applied_at = 1 WHERE org_id = $1 AND sale_key = $2",
	.beside = "parked",
	.beside_key = 2,
};
static const struct sql SQL_APPLY_ALL = {
	.text = "UPDATE parked SET applied_at = 2 WHERE org_id = $1",
};
static const struct sql SQL_WAITING = {
	.text = "SELECT COUNT(*) FROM parked WHERE org_id = $1 AND sale_key = $2"
	        " AND applied_at = 0",
	.beside = "parked",
	.beside_key = 2,
};

/* So many questions there are where asking ahead saves a round trip. */
static size_t asked(const struct store *s, size_t count)
{
	return store_is_postgres(s) ? count : 0;
}

static bool ahead(struct ctx *c, int64_t key)
{
	return db_ahead(c, &SQL_WAITING, ARGS(val_int(key)));
}

static int64_t waiting(struct ctx *c, int64_t key)
{
	int64_t n = -1;

	OK(db_int(c, &SQL_WAITING, ARGS(val_int(key)), &n));
	return n;
}

static void park(struct ctx *c, int64_t key, int64_t event_id)
{
	OK(db_exec(c, &SQL_PARK, ARGS(val_int(key), val_int(event_id))));
}

STORE_TEST(an_answer_asked_ahead_serves_everybody_in_any_order)
{
	OK(fixture_write(c, s, 1));
	park(c, 5, 1);
	OK(ahead(c, 4) && ahead(c, 5) && ahead(c, 6) && ahead(c, 5));
	EQ(c->db->asked.count, asked(s, 3));
	EQ(waiting(c, 5), 1);
	EQ(waiting(c, 6), 0);
	EQ(waiting(c, 5), 1);
	EQ(waiting(c, 4), 0);
	EQ(c->db->asked.live, asked(s, 3));
	OK(fixture_commit(c, s));
}

STORE_TEST(a_row_with_the_key_makes_the_answer_untrue)
{
	OK(fixture_write(c, s, 1));
	OK(ahead(c, 5) && ahead(c, 6));
	park(c, 5, 1);
	EQ(c->db->asked.live, asked(s, 1));
	EQ(waiting(c, 5), 1);
	EQ(waiting(c, 6), 0);
	OK(fixture_commit(c, s));
}

STORE_TEST(an_update_beside_concerns_its_key_alone)
{
	OK(fixture_write(c, s, 1));
	park(c, 5, 1);
	park(c, 6, 2);
	OK(ahead(c, 5) && ahead(c, 6));
	OK(db_exec(c, &SQL_APPLY, ARGS(val_int(6))));
	EQ(c->db->asked.live, asked(s, 1));
	EQ(waiting(c, 6), 0);
	EQ(waiting(c, 5), 1);
	OK(fixture_commit(c, s));
}

STORE_TEST(any_other_write_to_the_table_makes_all_answers_untrue)
{
	OK(fixture_write(c, s, 1));
	park(c, 5, 1);
	OK(ahead(c, 5) && ahead(c, 6));
	OK(db_exec(c, &SQL_PUT, ARGS(val_str(STR("pi_1")), val_str(STR("s")))));
	EQ(c->db->asked.live, asked(s, 2));
	OK(db_exec(c, &SQL_APPLY_ALL, NO_ARGS));
	EQ(c->db->asked.live, asked(s, 0));
	EQ(waiting(c, 5), 0);
	OK(fixture_commit(c, s));
}

STORE_TEST(questions_that_nobody_takes_harm_nobody)
{
	OK(fixture_write(c, s, 1));
	for (int64_t key = 0; key < ASKED_MAX + 50; key++)
		OK(ahead(c, key));
	EQ(c->db->asked.count, asked(s, ASKED_MAX));
	EQ(waiting(c, ASKED_MAX + 1), 0);
	OK(fixture_commit(c, s));
	OK(fixture_write(c, s, 1));
	EQ(c->db->asked.count, asked(s, 0));
	EQ(waiting(c, 1), 0);
	OK(fixture_commit(c, s));
}
