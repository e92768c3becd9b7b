/* SPDX-License-Identifier: Apache-2.0 */
#include "statements.h"

#include "commission/commission.h"
#include "db/fixture.h"
#include "db/sql_text.h"
#include "link/link.h"

#include <dirent.h>
#include <glib.h>

/* Prepare a statement, and see that every column it gives is a field of its model. */
static bool prepare(const struct statement_visit *v, const char *name, const struct sql *q)
{
	struct ctx *c = v->c;
	struct rows rows;

	if (q->control != (c->db == NULL))
		return true;
	if (!db_describe(c, q, &rows))
		FAIL("%s cannot be prepared: %s\n%s", name, c->err.msg, q->text);
	for (size_t i = 0; q->model && i < rows.column_count; i++)
		if (!model_field(q->model, str_from(rows.names[i])))
			FAIL("%s: column %s is not a field of %s", name, rows.names[i],
			     q->model->name);
	return true;
}

STORE_TEST(every_statement_can_be_prepared)
{
	struct statement_visit v = { c, NULL, prepare };

	OK(fixture_write(c, s, 1));
	OK(statements_each(&v));
	fixture_rollback(c, s);
	OK(fixture_write(c, s, 0));
	OK(statements_each(&v));
	fixture_rollback(c, s);
}

/*
 * On SQLite nothing but the statement says that a row has a key (db/sqlite_keys.h). Those that are
 * made from models are not used for such tables.
 */
static bool says_its_key(const struct statement_visit *v, const char *name, const struct sql *q)
{
	for (size_t i = 0; sql_keyed[i]; i++) {
		struct str begin = arena_printf(v->c->arena, "INSERT INTO %s ", sql_keyed[i]);

		if (strstr(name, "_sql ") && str_starts(str_from(q->text), begin.p)
		    && !(q->late && strcmp(q->late, sql_keyed[i]) == 0 && q->late_key > 0))
			FAIL("%s does not say which argument is the key of its row", name);
	}
	return true;
}

TEST(what_has_a_key_says_so_when_it_is_inserted)
{
	struct statement_visit v = { c, NULL, says_its_key };

	OK(statements_each(&v));
}

static bool is_listed(struct str name)
{
	for (const struct statement_group *g = statement_groups; g->name; g++)
		if (str_is(name, g->name))
			return true;
	return false;
}

/* The identifier that begins at a place of a text. */
static struct str identifier(struct str text, size_t at)
{
	size_t n = 0;

	while (at + n < text.n && (text.p[at + n] == '_' || g_ascii_isalnum(text.p[at + n])))
		n++;
	return str_slice(text, at, n);
}

static const char *find(struct str text, const char *what, size_t from)
{
	return from < text.n ? memmem(text.p + from, text.n - from, what, strlen(what)) : NULL;
}

/* A file's table is a row of statement_groups, and has all of the file's statements. */
static void check_file(struct ctx *c, const char *path)
{
	static const char table[] = "const struct sql *const ", one[] = "static const struct sql ";
	struct str text = unit_file(c, path);
	const char *at = find(text, table, 0);
	struct str rest = at ? str_slice(text, (size_t)(at - text.p), text.n) : STR("");
	struct str name = identifier(rest, sizeof(table) - 1);

	if (at && str_ends(name, "_sql") && !is_listed(name))
		FAIL("%s: %.*s is not listed in statements.c", path, STR_ARG(name));
	for (at = find(text, one, 0); at; at = find(text, one, (size_t)(at + 1 - text.p))) {
		struct str sql = identifier(text, (size_t)(at - text.p) + sizeof(one) - 1);
		struct str use = arena_printf(c->arena, "&%.*s", STR_ARG(sql));

		if (!find(rest, use.p, 0))
			FAIL("%s: %.*s is in no table of statements", path, STR_ARG(sql));
	}
}

static void check_folder(struct ctx *c, const char *folder)
{
	DIR *dir = opendir(arena_printf(c->arena, "%s/%s", UNIT_SOURCE_DIR, folder).p);

	OK(dir);
	for (struct dirent *e; (e = readdir(dir));) {
		struct str name = str_from(e->d_name);

		if (str_ends(name, ".c") && !str_ends(name, "_test.c"))
			check_file(c, arena_printf(c->arena, "%s/%s", folder, e->d_name).p);
	}
	closedir(dir);
}

TEST(every_statement_is_listed)
{
	DIR *src = opendir(UNIT_SOURCE_DIR "/src");

	OK(src);
	for (struct dirent *e; (e = readdir(src));)
		if (e->d_type == DT_DIR && e->d_name[0] != '.' && strcmp(e->d_name, "db") != 0)
			check_folder(c, arena_printf(c->arena, "src/%s", e->d_name).p);
	closedir(src);
}

/* What SQLite would do for a statement, line by line. */
static struct str plan(struct ctx *c, const struct sql *q)
{
	struct sql *explain = ARENA_NEW(c->arena, struct sql);
	struct val vals[64] = { 0 };
	struct rows rows;
	struct buf text, out;

	buf_init(&text, c->arena);
	*explain = *q;
	explain->text = arena_printf(c->arena, "EXPLAIN QUERY PLAN %s", q->text).p;
	OK(db_query(c, explain, (struct args){ vals, sql_text(q, SQL_SQLITE, &text) - 1 }, &rows));
	buf_init(&out, c->arena);
	for (size_t i = 0; i < rows.count; i++)
		buf_printf(&out, "%.*s\n", STR_ARG(rows_str(&rows, i, 3)));
	return buf_text(&out);
}

/* Led by a filter, it is looked up; without one, ids are walked backwards. */
static void check_plan(struct ctx *c, const struct list_spec *l, size_t lead)
{
	struct str p = plan(c, list_sql(l, lead, false));
	const struct list_filter *f = lead < l->filter_count ? &l->filters[lead] : NULL;
	/* a key tells the id */
	const char *column = !f ? NULL : f->key || f->ids ? "id" : f->column;
	struct str want = f && !f->lead ? arena_printf(c->arena, "(org_id=? AND %s=?", column)
	                                : STR("PRIMARY KEY (org_id=? AND id<?)");

	if (!!find(p, want.p, 0) == (f && f->lead) || find(p, "SCAN", 0)
	    || (!column && find(p, "TEMP B-TREE", 0)))
		FAIL("%s by %s:\n%s", l->model->name, column ? column : "id", p.p);
}

/* With a million rows a page must cost as much as its rows do. */
TEST(every_list_walks_an_index)
{
	struct store *s = fixture_sqlite(c, "");

	OK(fixture_write(c, s, 1));
	for (size_t i = 0; statement_lists[i]; i++) {
		const struct list_spec *l = statement_lists[i];

		for (size_t lead = 0; lead <= l->filter_count; lead++)
			if (lead == l->filter_count || list_can_lead(&l->filters[lead]))
				check_plan(c, l, lead);
	}
	fixture_rollback(c, s);
}

/* The same for what every sale asks that says UTM parameters. */
TEST(links_are_looked_up_by_their_utm_parameters)
{
	struct store *s = fixture_sqlite(c, "");
	bool any = false;

	OK(fixture_write(c, s, 1));
	for (size_t i = 0; link_sql[i]; i++) {
		if (!find(str_from(link_sql[i]->text), "utm_source <> ''", 0))
			continue;
		any = true;
		OK(find(plan(c, link_sql[i]), "USING INDEX link_utm (org_id=?", 0));
	}
	OK(any);
	fixture_rollback(c, s);
}

/* And for what matures next: a page of it costs its rows, not a sort of all that waits. */
TEST(what_is_due_is_read_in_its_order)
{
	struct store *s = fixture_sqlite(c, "");
	bool any = false;

	OK(fixture_write(c, s, 1));
	for (size_t i = 0; commission_sql[i]; i++) {
		struct str p;

		if (!find(str_from(commission_sql[i]->text), "ORDER BY matures_at", 0))
			continue;
		any = true;
		p = plan(c, commission_sql[i]);
		OK(find(p, "USING INDEX commission_maturing (org_id=? AND matures_at<?)", 0));
		NO(find(p, "TEMP B-TREE", 0));
	}
	OK(any);
	fixture_rollback(c, s);
}
