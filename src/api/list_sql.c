/* SPDX-License-Identifier: Apache-2.0 */
#include "api/list_query.h"

#include "base/check.h"

#include <pthread.h>

/*
 * The statements of lists, made when they are first asked for and kept for ever,
 * so that connections can cache them by address.
 */

struct made {
	const struct list_spec *list;
	size_t lead;
	bool backwards;
	struct sql sql;
	struct made *next;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct arena arena; /* never released: as many statements as there are lists and indexes */
static struct made *all;

/* The condition with the parameter's number for each @ or #. */
static void put_where(struct buf *b, const char *where, size_t number)
{
	for (; *where; where++) {
		if (*where == '@' || *where == '#')
			buf_printf(b, "$%zu", number);
		else
			buf_char(b, *where);
	}
}

static size_t put_ids(struct buf *b, const struct list_ids *ids, size_t n)
{
	buf_puts(b, " AND id IN (");
	for (size_t i = 0; i < ids->count; i++)
		buf_printf(b, "%s$%zu", i ? ", " : "", n + i);
	buf_char(b, ')');
	return ids->count;
}

/* The filter that leads. Returns the number of parameters. */
static size_t put_lead(struct buf *b, const struct list_spec *l, const struct list_filter *f,
                       size_t n)
{
	const char *where = f->lead ? f->lead : f->where;
	size_t ids = f->ids ? put_ids(b, f->ids, n) : 0;

	if (f->common)
		buf_printf(b, " AND %s NOT IN (%s)", f->column, list_common(b->arena, l, f).p);
	buf_puts(b, " AND ");
	if (f->key)
		buf_printf(b, "@%s_key $%zu", l->model->name, n);
	else
		put_where(b, where ? where : arena_printf(b->arena, "%s = @", f->column).p, n + ids);
	return ids + 1;
}

/* Any other filter: true when it is not given. Returns the number of parameters. */
static size_t put_filter(struct buf *b, const struct list_spec *l, const struct list_filter *f,
                         size_t n)
{
	const struct field *field = list_field(l, f);

	if (!field) {
		buf_printf(b, " AND (CAST($%zu AS BIGINT) = 0 OR ", n);
		put_where(b, f->where, n);
		buf_char(b, ')');
		return 1;
	}
	if (field->as == AS_TIME) {
		buf_printf(b, " AND %s >= $%zu AND %s <= $%zu", f->column, n, f->column, n + 1);
		return 2;
	}
	if (f->value) {
		buf_printf(b, " AND ($%zu = '' OR $%zu LIKE '%%,' || ", n, n);
		put_where(b, f->value, n + 1);
		buf_puts(b, " || ',%')");
		return 2;
	}
	if (field->type == TYPE_STR)
		buf_printf(b, " AND ($%zu = '' OR %s = $%zu)", n, f->column, n);
	else
		buf_printf(b, " AND ($%zu = '' OR $%zu LIKE '%%,' || %s || ',%%')", n, n,
		           f->column);
	return 1;
}

static const char *build(const struct list_spec *l, size_t lead, bool backwards)
{
	size_t number = 4;
	struct buf b;

	buf_init(&b, &arena);
	buf_printf(&b, "SELECT @columns FROM %s WHERE org_id = $1", l->model->name);
	for (size_t i = 0; i < l->filter_count; i++) {
		if (i == lead)
			number += put_lead(&b, l, &l->filters[i], number);
		else
			number += put_filter(&b, l, &l->filters[i], number);
	}
	/* With the plus SQLite does not take the walk by id for the better way to few rows. */
	bool few = lead < l->filter_count && (l->filters[lead].lead || l->filters[lead].ids);

	buf_printf(&b, " AND %sid %s $2 ORDER BY id %s LIMIT $3", few ? "+" : "",
	           backwards ? ">" : "<", backwards ? "ASC" : "DESC");
	return buf_text(&b).p;
}

static struct made *make(const struct list_spec *l, size_t lead, bool backwards)
{
	struct made *m = ARENA_NEW(&arena, struct made);

	*m = (struct made){ .list = l, .lead = lead, .backwards = backwards };
	m->sql = (struct sql){ .text = build(l, lead, backwards), .model = l->model };
	m->next = all;
	all = m;
	return m;
}

const struct sql *list_sql(const struct list_spec *l, size_t lead, bool backwards)
{
	struct made *m;

	CHECK(lead <= l->filter_count && !l->model->control);
	pthread_mutex_lock(&mutex);
	m = all;
	while (m && !(m->list == l && m->lead == lead && m->backwards == backwards))
		m = m->next;
	if (!m)
		m = make(l, lead, backwards);
	pthread_mutex_unlock(&mutex);
	return &m->sql;
}
