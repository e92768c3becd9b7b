/* SPDX-License-Identifier: Apache-2.0 */
#include "db/cursor.h"
#define FIXTURE_MIGRATIONS "tests/cases/db"
#include "db/fixture.h"

#define ROWS 2500

struct row {
	int64_t id, status;
	struct str slug, name, currency, url;
	bool review;
	int64_t created_at;
};

static const struct field fields[] = {
	FIELD(struct row, id, .flags = 0),       FIELD(struct row, slug, .flags = 0),
	FIELD(struct row, name, .flags = 0),     FIELD(struct row, currency, .flags = 0),
	FIELD(struct row, url, .flags = 0),      FIELD(struct row, status, .flags = 0),
	FIELD(struct row, review, .flags = 0),   FIELD(struct row, created_at, .flags = 0),
};
static const struct model row_model = MODEL("thing", fields);

static const struct field walked_fields[] = {
	FIELD(struct row, id, .flags = 0), FIELD(struct row, slug, .flags = 0),
	FIELD(struct row, name, .flags = 0), FIELD(struct row, created_at, .flags = 0),
};
static const struct model walked_model = MODEL("thing", walked_fields);

static const struct sql SQL_WALK = {
	.text = "SELECT @columns FROM thing WHERE org_id = $1 AND id > $2 ORDER BY id LIMIT $3",
	.model = &walked_model,
};

static const struct field pair_fields[] = {
	FIELD(struct row, status, .flags = 0), FIELD(struct row, id, .flags = 0),
};
static const struct model pair_model = MODEL("thing", pair_fields);

static const struct sql SQL_PAIRS = {
	.text = "SELECT @columns FROM thing WHERE org_id = $1 AND (status, id) > ($2, $3)"
	        " ORDER BY status, id LIMIT $4",
	.model = &pair_model,
};

static void fill(struct ctx *c, struct store *s)
{
	OK(fixture_write(c, s, 1));
	for (int64_t i = 1; i <= ROWS; i++) {
		struct row r = { .id = 2 * i, .slug = arena_printf(c->arena, "s%d", (int)i),
			         .name = arena_printf(c->arena, "Number %d", (int)i),
			         .currency = STR("EUR"), .status = i % 2, .created_at = i };

		OK(db_insert(c, &row_model, &r));
	}
	OK(fixture_commit(c, s));
}

STORE_TEST(a_cursor_walks_over_every_row_in_order)
{
	struct cursor k;
	struct row r = { 0 };
	char name[32];
	bool found;

	fill(c, s);
	OK(fixture_read(c, s, 1));
	OK(cursor_open(&k, c, &SQL_WALK, 1));
	for (int i = 1; i <= ROWS; i++) {
		snprintf(name, sizeof(name), "Number %d", i);
		OK(cursor_next(&k, &r, &found) && found);
		EQ(r.id, 2 * i);
		EQ(r.created_at, i);
		EQ_STR(r.name, name);
	}
	OK(cursor_next(&k, &r, &found) && !found);
	cursor_close(&k);
	OK(fixture_commit(c, s));
}

STORE_TEST(several_cursors_go_side_by_side_by_keys_of_two_columns)
{
	struct cursor all, pairs;
	struct row r = { 0 }, p = { 0 };
	int64_t status = 0, id = 0;
	bool found;

	fill(c, s);
	OK(fixture_read(c, s, 1));
	OK(cursor_open(&all, c, &SQL_WALK, 1) && cursor_open(&pairs, c, &SQL_PAIRS, 2));
	for (int i = 1; i <= ROWS; i++) {
		OK(cursor_next(&all, &r, &found) && found);
		OK(cursor_next(&pairs, &p, &found) && found);
		EQ(r.id, 2 * i);
		OK(p.status > status || (p.status == status && p.id > id));
		status = p.status;
		id = p.id;
	}
	OK(cursor_next(&pairs, &p, &found) && !found);
	cursor_close(&pairs);
	cursor_close(&all);
	OK(fixture_commit(c, s));
}

STORE_TEST(a_cursor_over_nothing_finds_nothing_and_may_be_closed_at_any_time)
{
	struct cursor k, never = { 0 };
	struct row r;
	bool found;

	OK(fixture_read(c, s, 1));
	OK(cursor_open(&k, c, &SQL_WALK, 1));
	OK(cursor_next(&k, &r, &found) && !found);
	cursor_close(&k);
	cursor_close(&never);
	OK(fixture_commit(c, s));
}

STORE_TEST(a_text_where_a_number_belongs_fails)
{
	static const struct sql falsify = {
		.text = "UPDATE thing SET created_at = 'then' WHERE org_id = $1 AND id = 4",
	};
	struct cursor k;
	struct row r;
	bool found;

	if (store_is_postgres(s))
		return; /* cannot have one */
	fill(c, s);
	OK(fixture_write(c, s, 1));
	OK(db_exec(c, &falsify, NO_ARGS));
	OK(cursor_open(&k, c, &SQL_WALK, 1));
	OK(cursor_next(&k, &r, &found) && found);
	OK(!cursor_next(&k, &r, &found));
	EQ(c->err.code, ERR_STORAGE);
	cursor_close(&k);
	fixture_rollback(c, s);
}

STORE_TEST(a_cursor_that_is_read_ahead_hands_over_the_same_rows)
{
	struct ctx twin = *c;
	const struct cursor_reader by = { c, &twin };
	struct cursor k, plain;
	struct row r, p = { 0 };
	bool found;

	fill(c, s);
	OK(fixture_read(c, s, 1));
	OK(store_twins(c, &twin, 1));
	OK(cursor_open_ahead(&k, &by, &SQL_WALK, 1, sizeof(r)) && cursor_open(&plain, c, &SQL_WALK, 1));
	for (int i = 1; i <= ROWS; i++) {
		OK(cursor_next(&k, &r, &found) && found);
		OK(cursor_next(&plain, &p, &found) && found);
		OK(r.id == p.id && r.created_at == p.created_at);
		OK(str_eq(r.name, p.name) && str_eq(r.slug, p.slug));
	}
	OK(cursor_next(&k, &r, &found) && !found);
	OK(cursor_next(&k, &r, &found) && !found);
	cursor_close(&k);
	cursor_close(&plain);
	OK(cursor_open_ahead(&k, &by, &SQL_PAIRS, 2, sizeof(r)));
	OK(cursor_next(&k, &r, &found) && found);
	cursor_close(&k);
	store_twins_end(&twin, 1);
	OK(fixture_commit(c, s));
}

STORE_TEST(a_cursor_that_is_read_ahead_fails_where_the_row_is)
{
	static const struct sql falsify = {
		.text = "UPDATE thing SET created_at = 'then' WHERE org_id = $1 AND id = 2000",
	};
	struct ctx twin = *c;
	const struct cursor_reader by = { c, &twin };
	struct cursor k;
	struct row r;
	bool found;

	if (store_is_postgres(s))
		return; /* cannot have one */
	fill(c, s);
	OK(fixture_write(c, s, 1));
	OK(db_exec(c, &falsify, NO_ARGS));
	OK(fixture_commit(c, s));
	OK(fixture_read(c, s, 1));
	OK(store_twins(c, &twin, 1) && twin.db);
	OK(cursor_open_ahead(&k, &by, &SQL_WALK, 1, sizeof(r)));
	for (int i = 1; i < 1000; i++)
		OK(cursor_next(&k, &r, &found) && found && r.id == 2 * i);
	OK(!cursor_next(&k, &r, &found));
	EQ(c->err.code, ERR_STORAGE);
	cursor_close(&k);
	store_twins_end(&twin, 1);
	fixture_rollback(c, s);
}
