/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/audit.h"
#include "db/fixture.h"

static struct list list(struct ctx *c, struct store *s, struct audit_filter f)
{
	struct ctx control = *c;
	struct list rows;

	OK(fixture_read(c, s, 1));
	control.db = NULL;
	c->control = store_begin(s, &control, 0, STORE_READ);
	OK(c->control != NULL);
	OK(audit_list(c, &f, &rows));
	store_rollback(s, c->control);
	c->control = NULL;
	fixture_rollback(c, s);
	return rows;
}

static const char *action(struct ctx *c, const struct list *rows, size_t i)
{
	return arena_cstr(c->arena, ((const struct audit *)rows->items)[i].action);
}

STORE_TEST(both_logs_are_shown_as_one_the_latest_first)
{
	struct list rows;

	OK(fixture_write(c, s, 1));
	OK(audit_post(c, "partner.create", STR("prt_1"), STR("{\"a\":1}")));
	OK(fixture_commit(c, s));
	OK(fixture_write(c, s, 0));
	OK(audit_control_org(c, 1, "key.create", STR("key_1"), STR("")));
	OK(audit_control_org(c, 2, "key.create", STR("key_2"), STR("")));
	OK(fixture_commit(c, s));
	OK(fixture_write(c, s, 1));
	OK(audit_post(c, "partner.ban", STR("prt_1"), STR("")));
	OK(fixture_commit(c, s));

	rows = list(c, s, (struct audit_filter){ .limit = 10 });
	EQ(rows.count, 3);
	EQ_STR(action(c, &rows, 0), "partner.ban");
	EQ_STR(action(c, &rows, 1), "key.create");
	EQ_STR(action(c, &rows, 2), "partner.create");
	EQ_STR(((const struct audit *)rows.items)[2].change, "{\"a\":1}");

	rows = list(c, s, (struct audit_filter){ .limit = 2 });
	EQ(rows.count, 2);
	rows = list(c, s, (struct audit_filter){
		.limit = 2, .before = ((const struct audit *)rows.items)[1].id });
	EQ(rows.count, 1);
	EQ_STR(action(c, &rows, 0), "partner.create");

	rows = list(c, s, (struct audit_filter){ .limit = 9, .target = STR("prt_1") });
	EQ(rows.count, 2);
	rows = list(c, s, (struct audit_filter){ .limit = 9, .action = STR("key.create") });
	EQ(rows.count, 1);
}

STORE_TEST(what_one_request_has_changed_is_found_by_its_id)
{
	int64_t before = id_new(), request = id_new();
	struct list rows;

	OK(fixture_write(c, s, 1));
	OK(audit_post(c, "partner.create", STR("prt_1"), STR("")));
	c->request_id = id_str(c->arena, ID_REQUEST, request);
	OK(audit_post(c, "partner.approve", STR("prt_1"), STR("")));
	OK(fixture_commit(c, s));
	OK(fixture_write(c, s, 0));
	OK(audit_control_org(c, 1, "key.create", STR("key_1"), STR("")));
	OK(fixture_commit(c, s));

	rows = list(c, s, (struct audit_filter){ .limit = 9, .request_id = request });
	EQ(rows.count, 2);
	EQ_STR(action(c, &rows, 0), "key.create");
	EQ_STR(action(c, &rows, 1), "partner.approve");
	rows = list(c, s, (struct audit_filter){ .limit = 9, .request_id = request,
	                                         .target = STR("prt_1") });
	EQ(rows.count, 1);
	rows = list(c, s, (struct audit_filter){ .limit = 9, .request_id = before });
	EQ(rows.count, 0);
}
