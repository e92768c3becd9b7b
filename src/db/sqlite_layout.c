/* SPDX-License-Identifier: Apache-2.0 */
#include "db/sqlite_layout.h"

/* A table without row ids has an index page as its root, which is looked at when it is read. */
static const char SQL_LAYOUT[] =
        "SELECT s.rootpage, x.name, x.pk, x.hidden FROM sqlite_schema AS s,"
        " pragma_table_xinfo(s.name) AS x WHERE s.type = 'table' AND s.name = ?1"
        " ORDER BY x.pk = 0, x.pk, x.cid";

static struct str text_of(sqlite3_stmt *s, int i)
{
	const char *p = (const char *)sqlite3_column_text(s, i);

	return str_from(p ? p : "");
}

/* Is it the column where a record of this model should have it? */
static bool is_in_place(const struct layout *l, const struct model *m, size_t column,
                        struct str name, int64_t key_number)
{
	if (column == 0)
		return key_number == 1 && str_is(name, "org_id");
	if (column <= l->key_count)
		return key_number == (int64_t)column + 1
		    && str_is(name, m->fields[column - 1].name);
	return key_number == 0;
}

static struct record_slot slot_of(const struct field *f)
{
	return (struct record_slot){ f->type == TYPE_STR ? RECORD_TEXT : RECORD_NUMBER, f->offset };
}

static void place(struct layout *l, const struct model *m, size_t column, struct str name,
                  size_t *found)
{
	for (size_t i = 0; i < m->field_count; i++)
		if (str_is(name, m->fields[i].name)) {
			l->shape.slots[column] = slot_of(&m->fields[i]);
			l->shape.count = column + 1;
			++*found;
		}
}

static bool read_columns(struct layout *l, sqlite3_stmt *s, const struct model *m)
{
	size_t column = 0, found = 0;
	int rc;

	while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
		struct str name = text_of(s, 1);

		if (column == RECORD_COLUMNS_MAX || sqlite3_column_int64(s, 3) != 0
		    || !is_in_place(l, m, column, name, sqlite3_column_int64(s, 2)))
			return false;
		l->root = (uint32_t)sqlite3_column_int64(s, 0);
		place(l, m, column++, name, &found);
	}
	return rc == SQLITE_DONE && found == m->field_count && column > l->key_count;
}

bool layout_read(struct layout *l, struct lite_conn *conn, const struct model *m, size_t key_count)
{
	bool before = conn->trusted, ok;
	sqlite3_stmt *s = NULL;

	*l = (struct layout){ .key_count = key_count };
	conn->trusted = true;
	ok = sqlite3_prepare_v2(conn->h, SQL_LAYOUT, -1, &s, NULL) == SQLITE_OK
	  && sqlite3_bind_text(s, 1, m->name, -1, SQLITE_STATIC) == SQLITE_OK
	  && read_columns(l, s, m) && l->root > 0;
	sqlite3_finalize(s);
	conn->trusted = before;
	return ok;
}
