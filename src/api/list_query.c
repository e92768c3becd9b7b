/* SPDX-License-Identifier: Apache-2.0 */
#include "api/list_query.h"

#include "base/check.h"
#include "base/clock.h"
#include "data/checks.h"
#include "data/model_json.h"
#include "data/want.h"

#include <stdio.h>

#define VALUES_MAX 100 /* in one comma list */

const struct field *list_field(const struct list_spec *l, const struct list_filter *f)
{
	if (f->where)
		return NULL;

	const struct field *field = model_field(l->model, str_from(f->column));

	CHECK(field);
	return field;
}

const char *list_param(const struct list_spec *l, const struct list_filter *f)
{
	return f->param ? f->param : field_key(list_field(l, f));
}

static bool read_limit(struct ctx *c, struct str s, int64_t *out)
{
	if (*out != 0)
		return fail(c, ERR_INVALID, "limit", "limit is given twice");
	if (!str_to_int(s, out) || *out < 1 || *out > LIST_LIMIT_MAX)
		return fail(c, ERR_INVALID, "limit", "limit must be a number from 1 to %d",
		            LIST_LIMIT_MAX);
	return true;
}

static bool read_cursor(struct ctx *c, const char *name, struct str s, struct list_query *q)
{
	const struct field *id = model_field(q->list->model, STR("id"));

	CHECK(id && id->as == AS_ID);
	if (q->cursor != 0)
		return fail(c, ERR_INVALID, name,
		            "starting_after and ending_before cannot be given together");
	return want_id(c, name, MUST_ID(id->id), s, &q->cursor);
}

/* A filter, what it is about, and the parameter's text. */
struct given {
	const struct list_filter *filter;
	const struct field *field; /* NULL: a condition on an id */
	const char *param;
	struct str text;
};

static bool read_bool(struct ctx *c, const struct given *g, struct str s, int64_t *out)
{
	*out = str_is(s, "true");
	return *out || str_is(s, "false")
	    || fail(c, ERR_INVALID, g->param, "%s must be true or false", g->param);
}

/* One value of a filter on integers. */
static bool read_number(struct ctx *c, const struct given *g, struct str s, int64_t *out)
{
	const struct field *f = g->field;

	if (g->filter->key) {
		*out = g->filter->key(s);
		return true;
	}
	if (!f)
		return want_id(c, g->param, MUST_ID(g->filter->kind), s, out);
	if (f->as == AS_ID)
		return want_id(c, g->param, MUST_ID(f->id), s, out);
	if (f->as == AS_ENUM)
		return want_name(c, g->param, MUST_NAME(f->names), s, out);
	if (f->type == TYPE_BOOL)
		return read_bool(c, g, s, out);
	return str_to_int(s, out)
	    || fail(c, ERR_INVALID, g->param, "%s must be a whole number", g->param);
}

/* Is the list of values one that may have commas? A key's text and a condition's id may not. */
static bool read_numbers(struct ctx *c, const struct given *g, struct list_query *q, size_t i)
{
	struct str rest = g->text;
	bool many = g->field && !g->filter->key;
	size_t count = 0;
	struct buf b;

	buf_init(&b, c->arena);
	buf_char(&b, ',');
	do {
		struct str one = many ? str_cut(&rest, ',') : rest;

		if (!read_number(c, g, one, &q->values[i].number))
			return false;
		if (++count > VALUES_MAX)
			return fail(c, ERR_INVALID, g->param, "%s has more than %d values",
			            g->param, VALUES_MAX);
		buf_int(&b, q->values[i].number);
		buf_char(&b, ',');
	} while (many && rest.p);
	q->values[i].text = buf_text(&b);
	q->values[i].single = count == 1;
	return true;
}

static bool find_ids(struct ctx *c, const struct given *g, int64_t **out)
{
	const struct list_ids *ids = g->filter->ids;

	CHECK(ids->count <= LIST_IDS_MAX);
	*out = ARENA_ARRAY(c->arena, int64_t, ids->count);
	for (size_t i = 0; i < ids->count; i++)
		if (!ids->find(c, g->text, i, &(*out)[i]))
			return false;
	return true;
}

static bool read_value(struct ctx *c, const struct given *g, struct list_query *q, size_t i)
{
	if (q->values[i].given)
		return fail(c, ERR_INVALID, g->param, "%s is given twice", g->param);
	q->values[i].given = true;
	if (g->field && g->field->type == TYPE_STR) {
		q->values[i].text = g->field->flags & UPPER ? upper_fold(c->arena, g->text)
		                                            : g->text;
		q->values[i].single = true;
		if (g->text.n == 0)
			return fail(c, ERR_INVALID, g->param, "%s must not be empty", g->param);
		return !g->filter->ids || find_ids(c, g, &q->values[i].ids);
	}
	return read_numbers(c, g, q, i);
}

/* created_at.gte and its like; `how` is what follows the dot. */
static bool read_bound(struct ctx *c, const struct given *g, struct str how, struct list_query *q,
                       size_t i)
{
	int64_t *from = &q->values[i].from, *until = &q->values[i].until, at;

	if (!want_time(c, g->param, g->text, &at))
		return false;
	if (str_is(how, "gte"))
		*from = at > *from ? at : *from;
	else if (str_is(how, "gt"))
		*from = at + 1 > *from ? at + 1 : *from;
	else if (str_is(how, "lte"))
		*until = at < *until ? at : *until;
	else if (str_is(how, "lt"))
		*until = at - 1 < *until ? at - 1 : *until;
	else
		return fail(c, ERR_INVALID, g->param,
		            "%s takes .gte, .gt, .lte and .lt", field_key(g->field));
	return true;
}

/* The filter of a parameter, and what follows its name: "" or, for times, ".gte". */
static size_t find_filter(const struct list_spec *l, struct str name, struct str *out_how)
{
	for (size_t i = 0; i < l->filter_count; i++) {
		const struct field *field = list_field(l, &l->filters[i]);
		struct str param = str_from(list_param(l, &l->filters[i]));
		struct str rest = name;
		bool timed = field && field->as == AS_TIME;

		if (timed ? str_eq(str_cut(&rest, '.'), param) : str_eq(name, param)) {
			*out_how = timed ? rest : STR("");
			return i;
		}
	}
	return l->filter_count;
}

static bool read_filter(struct ctx *c, const struct form_field *in, struct list_scope scope,
                        struct list_query *q)
{
	struct str how = { 0 };
	size_t i = find_filter(q->list, in->name, &how);
	const char *param = arena_cstr(c->arena, in->name);

	if (i == q->list->filter_count)
		return fail(c, ERR_INVALID, param, "%.60s is not a parameter of this list", param);

	const struct list_filter *f = &q->list->filters[i];
	struct given g = { f, list_field(q->list, f), param, in->value };

	if (scope.column && f->column && strcmp(scope.column, f->column) == 0)
		return fail(c, ERR_INVALID, param, "%.60s is not a parameter of this list", param);
	if (g.field && g.field->flags & (MONEY_ONLY | PERSONAL)
	    && !model_shows(c, q->list->model, g.field, NULL))
		return fail(c, ERR_DENIED, param, "you may not search by %s", param);
	if (g.field && g.field->as == AS_TIME)
		return read_bound(c, &g, how, q, i);
	return read_value(c, &g, q, i);
}

static bool read_param(struct ctx *c, const struct form_field *in, struct list_scope scope,
                       struct list_query *q)
{
	if (str_is(in->name, "limit"))
		return read_limit(c, in->value, &q->limit);
	if (str_is(in->name, "starting_after"))
		return read_cursor(c, "starting_after", in->value, q);
	if (str_is(in->name, "ending_before")) {
		q->backwards = true;
		return read_cursor(c, "ending_before", in->value, q);
	}
	return read_filter(c, in, scope, q);
}

/* Set a filter from inside: it holds whatever else was asked for. */
static bool force(struct ctx *c, struct list_query *q, const char *column, int64_t value)
{
	size_t i = 0;

	while (i < q->list->filter_count
	       && (!q->list->filters[i].column || strcmp(q->list->filters[i].column, column) != 0))
		i++;
	CHECK(i < q->list->filter_count);
	if (q->values[i].given && !(q->values[i].single && q->values[i].number == value))
		return fail(c, ERR_NOT_FOUND, list_param(q->list, &q->list->filters[i]),
		            "there is nothing here");
	q->values[i].given = q->values[i].single = true;
	q->values[i].number = value;
	q->values[i].text = arena_printf(c->arena, ",%lld,", (long long)value);
	return true;
}

/* The number of the first of the common values; *rest goes on behind it. */
static int64_t next_common(const struct list_spec *l, const struct list_filter *f, struct str *rest)
{
	int64_t number = names_find(list_field(l, f)->names, str_cut(rest, ','));

	CHECK(number >= 0);
	return number;
}

struct str list_common(struct arena *a, const struct list_spec *l, const struct list_filter *f)
{
	struct str rest = str_from(f->common);
	struct buf b;

	buf_init(&b, a);
	while (rest.p)
		buf_printf(&b, b.n ? ", %lld" : "%lld", (long long)next_common(l, f, &rest));
	return buf_text(&b);
}

static bool is_common(const struct list_query *q, size_t i)
{
	const struct list_filter *f = &q->list->filters[i];
	struct str rest = str_from(f->common);
	bool found = false;

	while (rest.p && !found)
		found = next_common(q->list, f, &rest) == q->values[i].number;
	return found;
}

bool list_can_lead(const struct list_filter *f)
{
	return f->indexed || f->lead || f->ids || f->common;
}

/* Is it given with one value that an index finds? */
static bool leads(const struct list_query *q, size_t i)
{
	const struct list_filter *f = &q->list->filters[i];

	return q->values[i].given && q->values[i].single && list_can_lead(f)
	    && !(f->common && is_common(q, i));
}

static size_t find_lead(const struct list_query *q)
{
	size_t i = 0;

	while (i < q->list->filter_count && !leads(q, i))
		i++;
	return i;
}

bool list_query_read(struct ctx *c, const struct form *query, const struct list_spec *l,
                     struct list_scope scope, struct list_query *out)
{
	struct list_query q = { .list = l, .now_ms = c->now_ms };

	CHECK(l->filter_count <= LIST_FILTERS_MAX);
	if (c->actor.kind == ACTOR_PARTNER && !l->partner_column)
		return fail(c, ERR_DENIED, NULL, "partners cannot see this list");
	for (size_t i = 0; i < l->filter_count; i++)
		q.values[i].until = INT64_MAX;
	for (size_t i = 0; i < query->count; i++)
		if (!read_param(c, &query->fields[i], scope, &q))
			return false;
	if (q.limit == 0)
		q.limit = LIST_LIMIT_DEFAULT;
	if (scope.column && !force(c, &q, scope.column, scope.value))
		return false;
	if (c->actor.kind == ACTOR_PARTNER
	    && !force(c, &q, l->partner_column, c->actor.partner_id))
		return false;
	if (q.cursor == 0)
		q.cursor = q.backwards ? 0 : INT64_MAX;
	q.lead = find_lead(&q);
	*out = q;
	return true;
}

static bool is_text(const struct list_query *s, size_t i)
{
	const struct field *f = list_field(s->list, &s->list->filters[i]);

	return f && f->type == TYPE_STR;
}

size_t list_query_args(const struct list_query *s, struct val *out)
{
	size_t n = 0;

	out[n++] = val_int(s->cursor);
	out[n++] = val_int(s->limit + 1);
	for (size_t i = 0; i < s->list->filter_count; i++) {
		const struct list_ids *ids = s->list->filters[i].ids;
		const struct field *f = list_field(s->list, &s->list->filters[i]);

		for (size_t k = 0; ids && i == s->lead && k < ids->count; k++)
			out[n++] = val_int(s->values[i].ids[k]);
		if (f && f->as == AS_TIME) {
			out[n++] = val_int(s->values[i].from);
			out[n++] = val_int(s->values[i].until);
		} else if (is_text(s, i) || (f && i != s->lead)) {
			out[n++] = val_str(s->values[i].text);
		} else {
			out[n++] = val_int(s->values[i].number);
		}
		if (s->list->filters[i].value)
			out[n++] = val_int(s->now_ms);
	}
	CHECK(n <= LIST_ARGS_MAX);
	return n;
}
