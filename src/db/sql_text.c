/* SPDX-License-Identifier: Apache-2.0 */
#include "db/sql_text.h"
#include "base/check.h"
#include "db/db_driver.h"

#include <ctype.h>

static void put_columns(const struct model *m, struct buf *out)
{
	CHECK(m != NULL && m->field_count > 0);
	for (size_t i = 0; i < m->field_count; i++) {
		if (i > 0)
			buf_puts(out, ", ");
		buf_puts(out, m->fields[i].name);
	}
}

/* Copy a quoted part; returns the place after it. */
static const char *put_quoted(const char *p, struct buf *out)
{
	char quote = *p;

	do
		buf_char(out, *p++);
	while (*p && *p != quote);
	if (*p)
		buf_char(out, *p++);
	return p;
}

static const char *put_parameter(const char *p, enum sql_dialect dialect, struct buf *out,
                                 size_t *number)
{
	*number = 0;
	buf_char(out, dialect == SQL_SQLITE ? '?' : '$');
	for (p++; *p >= '0' && *p <= '9'; p++) {
		*number = *number * 10 + (size_t)(*p - '0');
		CHECK(*number <= DB_ARGS_MAX);
		buf_char(out, *p);
	}
	CHECK(*number >= 1);
	return p;
}

const char *const sql_keyed[] = { "event", "customer", NULL };

/* After the @: the number of the table in sql_keyed, *p moves behind "TABLE_key ". */
static size_t take_keyed(const char **p)
{
	static const char tail[] = "_key ";
	size_t kind = 0;

	for (; sql_keyed[kind]; kind++) {
		size_t n = strlen(sql_keyed[kind]);

		if (strncmp(*p, sql_keyed[kind], n) == 0 && str_starts(str_from(*p + n), tail)) {
			*p += n + sizeof(tail) - 1;
			break;
		}
	}
	CHECK(sql_keyed[kind] && **p == '$');
	return kind;
}

/* PostgreSQL has a unique index; on SQLite the key is looked up first. */
static const char *put_key(const char *p, enum sql_dialect dialect, struct buf *out,
                           size_t *number)
{
	size_t kind = take_keyed(&p);

	buf_puts(out, "external_key = ");
	p = put_parameter(p, dialect, out, number);
	if (dialect == SQL_SQLITE)
		buf_printf(out, " AND id = coalesce((SELECT id FROM %s_key WHERE key = ?%zu),"
		                " (SELECT id FROM %s_waiting WHERE key = ?%zu))",
		           sql_keyed[kind], *number, sql_keyed[kind], *number);
	return p;
}

size_t sql_text(const struct sql *q, enum sql_dialect dialect, struct buf *out)
{
	static const struct str columns = STR_INIT("@columns");
	size_t count = 0, number;
	bool org_used = q->global;
	const char *p = q->text;

	while (*p) {
		if (*p == '\'' || *p == '"') {
			p = put_quoted(p, out);
		} else if (*p == '$') {
			p = put_parameter(p, dialect, out, &number);
			count = number > count ? number : count;
			org_used = org_used || number == 1;
		} else if (*p == '@' && strncmp(p, columns.p, columns.n) == 0) {
			put_columns(q->model, out);
			p += columns.n;
		} else if (*p == '@') {
			p = put_key(p + 1, dialect, out, &number);
			count = number > count ? number : count;
		} else {
			buf_char(out, *p++);
		}
	}
	CHECK(org_used);
	return count;
}

bool sql_names(const char *text, const char *table)
{
	size_t n = strlen(table);

	for (const char *at = strstr(text, table); at; at = strstr(at + 1, table)) {
		bool begins = at == text || !(isalnum((unsigned char)at[-1]) || at[-1] == '_');
		bool ends = !(isalnum((unsigned char)at[n]) || at[n] == '_');

		if (begins && ends)
			return true;
	}
	return false;
}
