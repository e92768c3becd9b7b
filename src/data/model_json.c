/* SPDX-License-Identifier: Apache-2.0 */
#include "data/model_json.h"

#include "base/check.h"
#include "base/money.h"
#include "data/checks.h"
#include "data/json.h"
#include "data/json_out.h"
#include "data/metadata.h"

#define JSON_TEXT_MAX (64 * 1024)

static bool is_none(const struct field *f, const void *row)
{
	return f->type == TYPE_STR ? field_str(f, row).n == 0 : field_int(f, row) == 0;
}

/* Is this the row of the partner who asks? */
static bool is_own(const struct ctx *c, const struct model *m, const void *row)
{
	const struct field *f = &m->fields[0];

	return c->actor.kind == ACTOR_PARTNER && f->as == AS_ID && f->id == ID_PARTNER
	       && str_is(STR("id"), f->name) && field_int(f, row) == c->actor.partner_id;
}

bool model_shows(const struct ctx *c, const struct model *m, const struct field *f,
                 const void *row)
{
	if (f->as == AS_METADATA)
		return c->actor.kind != ACTOR_PARTNER; /* the organisation's own notes */
	if (c->actor.kind == ACTOR_SYSTEM || !(f->flags & (MONEY_ONLY | PERSONAL)))
		return true;
	if (f->flags & MONEY_ONLY && !c->actor.sees_money)
		return false;
	if (!(f->flags & PERSONAL))
		return true;
	if (c->actor.kind == ACTOR_PARTNER)
		return row && is_own(c, m, row);
	return c->actor.sees_personal_data;
}

static void put_int(struct buf *b, const struct field *f, int64_t value)
{
	switch (f->as) {
	case AS_ID:
		jw_id(b, f->id, value);
		return;
	case AS_TIME:
		jw_time(b, value);
		return;
	case AS_PERCENT:
		jw_str(b, percent_text(b->arena, value));
		return;
	case AS_ENUM:
		if (value < 0)
			jw_null(b);
		else
			jw_str(b, str_from(f->names[value]));
		return;
	case AS_PLAIN:
	case AS_JSON:
	case AS_METADATA:
		break;
	}
	if (f->type == TYPE_BOOL)
		jw_bool(b, value != 0);
	else
		jw_int(b, value);
}

static void put_value(struct buf *b, const struct field *f, const void *row)
{
	if ((f->flags & NULLABLE && is_none(f, row))
	    || (f->flags & OPEN && field_int(f, row) < 0)) {
		jw_null(b);
	} else if (f->type == TYPE_STR) {
		if (f->as == AS_METADATA)
			jw_raw(b, is_none(f, row) ? STR("{}") : field_str(f, row));
		else if (f->as == AS_JSON)
			jw_raw(b, field_str(f, row));
		else
			jw_str(b, field_str(f, row));
	} else {
		put_int(b, f, field_int(f, row));
	}
}

static void put_hidden(struct buf *b, const struct field *f, const void *row)
{
	if (f->check == check_email && !is_none(f, row))
		jw_str(b, email_mask(b->arena, field_str(f, row)));
	else
		jw_null(b);
}

void model_json_members(struct buf *b, const struct ctx *c, const struct model *m, const void *row)
{
	for (size_t i = 0; i < m->field_count; i++) {
		const struct field *f = &m->fields[i];

		if (!(f->flags & OUT))
			continue;
		jw_key(b, field_key(f));
		if (model_shows(c, m, f, row))
			put_value(b, f, row);
		else
			put_hidden(b, f, row);
	}
}

void model_json(struct buf *b, const struct ctx *c, const struct model *m, const void *row)
{
	jw_object(b);
	jw_key_str(b, "object", str_from(m->name));
	model_json_members(b, c, m, row);
	jw_object_end(b);
}

json_t *model_view(struct ctx *c, const struct model *m, const void *row)
{
	struct buf b;

	buf_init(&b, c->arena);
	model_json(&b, c, m, row);

	json_t *view = json_loadb(b.p, b.n, 0, NULL);

	CHECK(view);
	return view;
}

static bool same(const struct field *f, const void *a, const void *b)
{
	return f->type == TYPE_STR ? str_eq(field_str(f, a), field_str(f, b))
	                           : field_int(f, a) == field_int(f, b);
}

static void put_differing(struct buf *b, const struct model *m, const void *row, const void *other)
{
	jw_object(b);
	for (size_t i = 0; i < m->field_count; i++) {
		const struct field *f = &m->fields[i];

		if (!(f->flags & OUT) || (other ? same(f, row, other) : is_none(f, row)))
			continue;
		jw_key(b, field_key(f));
		if (f->flags & PERSONAL)
			put_hidden(b, f, row);
		else
			put_value(b, f, row);
	}
	jw_object_end(b);
}

struct str model_change(struct ctx *c, const struct model *m, const void *before, const void *after)
{
	struct buf b;

	buf_init(&b, c->arena);
	jw_object(&b);
	if (before) {
		jw_key(&b, "before");
		put_differing(&b, m, before, after);
	}
	jw_key(&b, "after");
	put_differing(&b, m, after, before);
	jw_object_end(&b);
	return buf_text(&b);
}

static const struct field *find_input(const struct model *m, const char *key)
{
	for (size_t i = 0; i < m->field_count; i++)
		if (m->fields[i].flags & IN && strcmp(field_key(&m->fields[i]), key) == 0)
			return &m->fields[i];
	return NULL;
}

static bool check_keys(struct ctx *c, const struct model *m, const json_t *body, bool create)
{
	for (void *it = json_object_iter((json_t *)body); it;
	     it = json_object_iter_next((json_t *)body, it)) {
		const char *key = json_object_iter_key(it);
		const struct field *f = find_input(m, key);

		if (!f)
			return fail(c, ERR_INVALID, key, "%.60s is not known here", key);
		if (!create && f->flags & FIXED)
			return fail(c, ERR_INVALID, key, "%.60s cannot be changed", key);
	}
	return true;
}

static struct want want_of(const struct field *f)
{
	return (struct want){
		.required = true,
		.lines = f->max > MODEL_LINE_MAX,
		.min = f->min,
		.max = f->max,
		.kind = f->id,
		.names = f->names,
	};
}

/* A check says better what the text should be than its length does: it is asked first. */
static bool read_text(struct ctx *c, const struct field *f, const json_t *body, void *row)
{
	const char *key = field_key(f);
	struct want want = want_of(f), any = want;
	const char *wrong;
	struct str s;

	if (f->check) {
		any.min = 0;
		any.max = INT64_MAX;
	}
	if (!json_get_str(c, body, key, any, &s))
		return false;
	if (f->flags & REQUIRED && str_trim(s).n == 0)
		return fail(c, ERR_INVALID, key, "%s is required", key);
	if (f->flags & UPPER)
		s = upper_fold(c->arena, s);
	wrong = f->check && s.n ? f->check(s) : NULL;
	if (wrong)
		return fail(c, ERR_INVALID, key, "%s %s", key, wrong);
	if (f->check && !want_str(c, key, want, s))
		return false;
	field_set_str(f, row, s);
	return true;
}

static bool read_json(struct ctx *c, const struct field *f, const json_t *body, void *row)
{
	const char *key = field_key(f);
	json_t *object;

	if (!json_get_object(c, body, key, MUST(0, 0), &object))
		return false;

	char *text = json_dumps(object, JSON_COMPACT | JSON_PRESERVE_ORDER);

	CHECK(text);
	struct str s = arena_str(c->arena, str_from(text));

	free(text);
	if (s.n > JSON_TEXT_MAX)
		return fail(c, ERR_INVALID, key, "%s is longer than %d bytes", key, JSON_TEXT_MAX);
	field_set_str(f, row, s);
	return true;
}

static bool read_metadata(struct ctx *c, const struct field *f, const json_t *body, void *row)
{
	const char *key = field_key(f);
	struct str merged;
	json_t *sent;

	if (!json_get_object(c, body, key, MUST(0, 0), &sent)
	    || !metadata_merge(c, key, field_str(f, row), sent, &merged))
		return false;
	field_set_str(f, row, merged);
	return true;
}

static bool read_int(struct ctx *c, const struct field *f, const json_t *body, int64_t *out)
{
	const char *key = field_key(f);
	bool flag;

	switch (f->as) {
	case AS_ID:
		return json_get_id(c, body, key, want_of(f), out);
	case AS_TIME:
		return json_get_time(c, body, key, want_of(f), out);
	case AS_ENUM:
		return json_get_name(c, body, key, want_of(f), out);
	case AS_PERCENT:
		return json_get_percent(c, body, key, want_of(f), out)
		       && want_int(c, key, want_of(f), *out);
	case AS_PLAIN:
	case AS_JSON:
	case AS_METADATA:
		break;
	}
	if (f->type == TYPE_INT)
		return json_get_int(c, body, key, want_of(f), out);
	if (!json_get_bool(c, body, key, want_of(f), &flag))
		return false;
	*out = flag;
	return true;
}

static bool read_none(struct ctx *c, const struct field *f, void *row)
{
	const char *key = field_key(f);

	if (f->flags & REQUIRED)
		return fail(c, ERR_INVALID, key, "%s is required", key);
	if (f->type == TYPE_STR)
		field_set_str(f, row, STR(""));
	else if (!(f->flags & NULLABLE) && (f->as == AS_ENUM || f->type == TYPE_BOOL))
		return fail(c, ERR_INVALID, key, "%s cannot be null", key);
	else
		field_set_int(f, row, 0);
	return true;
}

static bool read_field(struct ctx *c, const struct field *f, const json_t *body, void *row)
{
	int64_t value;

	if (json_is_null(json_object_get(body, field_key(f))))
		return read_none(c, f, row);
	if (f->as == AS_JSON)
		return read_json(c, f, body, row);
	if (f->as == AS_METADATA)
		return read_metadata(c, f, body, row);
	if (f->type == TYPE_STR)
		return read_text(c, f, body, row);
	if (!read_int(c, f, body, &value))
		return false;
	field_set_int(f, row, value);
	return true;
}

bool model_read(struct ctx *c, const struct model *m, const json_t *body, void *row, bool create)
{
	CHECK(json_is_object(body));
	if (!check_keys(c, m, body, create))
		return false;
	for (size_t i = 0; i < m->field_count; i++) {
		const struct field *f = &m->fields[i];

		if (!(f->flags & IN))
			continue;
		if (json_object_get(body, field_key(f))) {
			if (!read_field(c, f, body, row))
				return false;
		} else if (create && f->flags & REQUIRED) {
			return fail(c, ERR_INVALID, field_key(f), "%s is required", field_key(f));
		}
	}
	return true;
}

bool model_read_form(struct ctx *c, const struct model *m, const struct form *f, void *row,
                     bool create)
{
	json_t *body;

	return form_json(c, f, m, &body)
	    && model_read(c, m, body, row, create);
}
