/* SPDX-License-Identifier: Apache-2.0 */
#include "db/db.h"
#include "base/id.h"
#define FIXTURE_MIGRATIONS "tests/cases/db"
#include "db/fixture.h"
#include "db/model_sql.h"
#include "db/sql_text.h"
#include "db/ticket.h"

struct row {
	int64_t id;
	struct str slug;
	struct str name;
	struct str currency;
	struct str url;
	int64_t status;
	bool review;
	int64_t created_at;
};

static const struct field fields[] = {
	FIELD(struct row, id, .flags = OUT),
	FIELD(struct row, slug, .flags = IN | OUT | REQUIRED | UNIQUE),
	FIELD(struct row, name, .flags = IN | OUT),
	FIELD(struct row, currency, .flags = IN | OUT | FIXED),
	FIELD(struct row, url, .flags = IN | OUT),
	FIELD(struct row, status, .flags = IN | OUT),
	FIELD(struct row, review, .flags = IN | OUT),
	FIELD(struct row, created_at, .flags = OUT),
};
static const struct model row_model = MODEL("thing", fields);

static const struct sql SQL_LIST = {
	.text = "SELECT @columns FROM thing WHERE org_id = $1 ORDER BY id",
	.model = &row_model,
};
static const struct sql SQL_FIND = {
	.text = "SELECT id, name, 'x' AS other, review FROM thing WHERE org_id = $1 AND slug = $2",
	.model = &row_model,
};
static const struct sql SQL_COUNT = { .text = "SELECT count(*) FROM thing WHERE org_id = $1" };
static const struct sql SQL_RENAME = {
	.text = "UPDATE thing SET name = $3 WHERE org_id = $1 AND status = $2",
};
static const struct sql SQL_SUM = {
	.text = "SELECT sum(created_at), min(url), sum(created_at) > 3 FROM thing WHERE org_id = $1",
};

static struct row sample(int64_t id, struct str slug)
{
	return (struct row){ .id = id, .slug = slug, .name = STR("Näme"), .currency = STR("EUR"),
		             .review = true, .created_at = 5 };
}

STORE_TEST(a_row_comes_back_as_it_went_in)
{
	struct row a = sample(INT64_MAX, STR("one")), b = { 0 };

	OK(fixture_write(c, s, 1));
	OK(db_insert(c, &row_model, &a));
	OK(db_get_id(c, &row_model, INT64_MAX, &b));
	EQ(b.id, INT64_MAX);
	EQ_STR(b.slug, "one");
	EQ_STR(b.name, "Näme");
	EQ_STR(b.url, "");
	OK(b.review);
	EQ(b.created_at, 5);
	OK(fixture_commit(c, s));

	OK(fixture_read(c, s, 1));
	b = (struct row){ 0 };
	OK(db_get_id(c, &row_model, INT64_MAX, &b));
	EQ_STR(b.currency, "EUR");
	FAILS(db_get_id(c, &row_model, 4, &b), ERR_NOT_FOUND, "id");
	OK(fixture_commit(c, s));
}

STORE_TEST(an_insert_that_conflicts_blames_the_unique_field_and_the_transaction_goes_on)
{
	struct row a = sample(1, STR("one")), b = sample(2, STR("one"));
	int64_t count;

	OK(fixture_write(c, s, 1));
	OK(db_insert(c, &row_model, &a));
	FAILS(db_insert(c, &row_model, &b), ERR_CONFLICT, "slug");
	b.slug = STR("two");
	OK(db_insert(c, &row_model, &b));
	OK(fixture_commit(c, s));
	OK(fixture_read(c, s, 1));
	OK(db_int(c, &SQL_COUNT, NO_ARGS, &count));
	EQ(count, 2);
	OK(fixture_commit(c, s));
}

STORE_TEST(an_update_changes_what_clients_may_change)
{
	struct row a = sample(1, STR("one")), b = { 0 };

	OK(fixture_write(c, s, 1));
	OK(db_insert(c, &row_model, &a));
	a.name = STR("new");
	a.currency = STR("USD");
	a.created_at = 77;
	OK(db_update(c, &row_model, &a));
	OK(db_get_id(c, &row_model, 1, &b));
	EQ_STR(b.name, "new");
	EQ_STR(b.currency, "EUR");
	EQ(b.created_at, 5);
	a.id = 99;
	FAILS(db_update(c, &row_model, &a), ERR_NOT_FOUND, "id");
	OK(fixture_commit(c, s));
}

STORE_TEST(lists_find_count_and_change)
{
	struct row a = sample(1, STR("one")), b = sample(2, STR("two")), found = { 0 };
	struct list list;
	int64_t n;
	bool there;

	OK(fixture_write(c, s, 1));
	OK(db_list(c, &SQL_LIST, NO_ARGS, sizeof(a), &list));
	EQ(list.count, 0);
	OK(db_int(c, &SQL_SUM, NO_ARGS, &n)); /* NULL */
	EQ(n, 0);
	OK(db_insert(c, &row_model, &b) && db_insert(c, &row_model, &a));
	OK(db_list(c, &SQL_LIST, NO_ARGS, sizeof(a), &list));
	EQ(list.count, 2);
	EQ_STR(((struct row *)list.items)[0].slug, "one");
	EQ_STR(((struct row *)list.items)[1].slug, "two");
	OK(db_find(c, &SQL_FIND, ARGS(val_str(STR("two"))), &found, &there));
	OK(there && found.id == 2 && found.review);
	OK(db_find(c, &SQL_FIND, ARGS(val_str(STR("none"))), &found, &there));
	NO(there);
	OK(db_changes(c, &SQL_RENAME, ARGS(val_int(0), val_str(STR("x"))), &n));
	EQ(n, 2);
	OK(db_changes(c, &SQL_RENAME, ARGS(val_int(9), val_str(STR("x"))), &n));
	EQ(n, 0);
	OK(fixture_commit(c, s));
}

STORE_TEST(sums_and_comparisons_are_integers)
{
	struct row a = sample(1, STR("one")), b = sample(2, STR("two"));
	struct rows r;

	OK(fixture_write(c, s, 1));
	OK(db_insert(c, &row_model, &b) && db_insert(c, &row_model, &a));
	OK(db_query(c, &SQL_SUM, NO_ARGS, &r));
	EQ(rows_int(&r, 0, 0), 10);
	EQ_STR(rows_str(&r, 0, 1), "");
	EQ(rows_int(&r, 0, 2), 1);
	OK(fixture_commit(c, s));
}

STORE_TEST(several_reads_are_sent_and_then_taken)
{
	struct row a = sample(1, STR("one"));
	struct db_ticket first, second, third;
	struct rows r;
	int64_t n;

	OK(fixture_write(c, s, 1));
	OK(db_insert(c, &row_model, &a));
	OK(db_send(c, &SQL_COUNT, NO_ARGS, &first));
	OK(db_send(c, &SQL_LIST, NO_ARGS, &second));
	OK(db_exec(c, &SQL_RENAME, ARGS(val_int(0), val_str(STR("later")))));
	OK(db_send(c, &SQL_LIST, NO_ARGS, &third));
	OK(db_take(c, &first, &r));
	EQ(rows_int(&r, 0, 0), 1);
	OK(db_int(c, &SQL_COUNT, NO_ARGS, &n)); /* in between is allowed */
	OK(db_take(c, &second, &r));
	EQ_STR(rows_str(&r, 0, 2), "Näme");
	OK(db_take(c, &third, &r));
	EQ_STR(rows_str(&r, 0, 2), "later");
	OK(fixture_commit(c, s));
}

STORE_TEST(arguments_that_do_not_match_the_statement_are_a_bug)
{
	static const struct sql without_org = { .text = "SELECT name FROM thing WHERE id = $2" };
	struct rows r;

	OK(fixture_write(c, s, 1));
	DIES(db_query(c, &SQL_FIND, NO_ARGS, &r));
	DIES(db_query(c, &SQL_COUNT, ARGS(val_int(1)), &r));
	DIES(db_query(c, &without_org, ARGS(val_int(1)), &r));
	fixture_rollback(c, s);
}

STORE_TEST(null_and_empty_read_as_none)
{
	static const struct sql q = {
		.text = "SELECT CAST($2 AS BIGINT), $3, CAST($4 AS TEXT), $1",
	};
	struct rows r;

	OK(fixture_read(c, s, 1));
	OK(db_query(c, &q, ARGS(val_ref(0), val_str(STR("")), (struct val){ .type = VAL_NULL }),
	            &r));
	EQ(rows_int(&r, 0, 0), 0);
	EQ_STR(rows_str(&r, 0, 1), "");
	EQ_STR(rows_str(&r, 0, 2), "");
	EQ(rows_int(&r, 0, 3), 1);
	OK(fixture_commit(c, s));
}

TEST(the_regular_statements_follow_from_the_model)
{
	const struct model_sql *m = model_sql(&row_model);

	EQ_STR(m->insert.text,
	       "INSERT INTO thing (org_id, id, slug, name, currency, url, status, review, created_at)"
	       " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING");
	EQ_STR(m->update.text, "UPDATE thing SET slug = $3, name = $4, url = $5, status = $6,"
	                       " review = $7 WHERE org_id = $1 AND id = $2");
	EQ_STR(m->get.text, "SELECT @columns FROM thing WHERE org_id = $1 AND id = $2");
	OK(model_sql(&row_model) == m);
}

TEST(parameters_are_numbered_by_value_and_quoted_text_is_left_alone)
{
	static const struct sql q = { .text = "SELECT '$9 @columns', $2, \"a$3\", $1, $2" };
	struct buf b;

	buf_init(&b, c->arena);
	EQ(sql_text(&q, SQL_SQLITE, &b), 2);
	EQ_STR(buf_text(&b), "SELECT '$9 @columns', ?2, \"a$3\", ?1, ?2");
}
