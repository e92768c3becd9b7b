/* SPDX-License-Identifier: Apache-2.0 */
#include "data/form.h"
#include "base/check.h"

/* A form as the object that a client of the API would have sent. */

#define MONEY_SUFFIX ".money"

static void set(json_t *obj, const char *key, json_t *value)
{
	CHECK(value && json_object_set_new(obj, key, value) == 0);
}

/* The last value with the name, without blanks around it. */
static bool last_value(const struct form *f, const char *name, struct str *out)
{
	size_t at = 0;
	bool found = false;

	while (form_next(f, name, &at, out))
		found = true;
	if (found)
		*out = str_trim(*out);
	return found;
}

static void set_empty(json_t *obj, const struct field *f)
{
	if (f->flags & NULLABLE)
		set(obj, field_key(f), json_null());
	else if (f->type == TYPE_STR && f->as == AS_PLAIN)
		set(obj, field_key(f), json_string(""));
}

static bool set_json(struct ctx *c, json_t *obj, const char *key, struct str s)
{
	json_t *value;

	if (!json_read(c, s, &value)) {
		/* All else of the form could be read: it can be mended like any other field. */
		struct err why = c->err;

		fail_clear(c);
		fail(c, ERR_INVALID, why.field, "%s", why.msg);
		return fail_under(c, key);
	}
	set(obj, key, json_incref(value));
	return true;
}

static bool set_value(struct ctx *c, const struct form *form, const struct field *f, json_t *obj)
{
	const char *key = field_key(f);
	struct str s;
	int64_t number;
	bool flag;

	if (!last_value(form, key, &s))
		return true;
	if (s.n == 0) {
		set_empty(obj, f);
		return true;
	}
	if (f->as == AS_JSON)
		return set_json(c, obj, key, s);
	if (f->type == TYPE_BOOL) {
		if (!form_get_bool(c, form, key, MUST(0, 0), &flag))
			return false;
		set(obj, key, json_boolean(flag));
	} else if (f->type == TYPE_INT && f->as == AS_PLAIN) {
		if (!str_to_int(s, &number))
			return fail(c, ERR_INVALID, key, "must be a whole number");
		set(obj, key, json_integer(number));
	} else {
		set(obj, key, json_from_str(s));
	}
	return true;
}

static bool set_money(struct ctx *c, const struct form *form, const struct field *f, json_t *obj)
{
	const char *key = field_key(f);
	struct str name = arena_printf(c->arena, "%s" MONEY_SUFFIX, key);
	const struct currency *cur = NULL;
	int64_t minor = 0;

	if (str_trim(form_get(form, name.p)).n == 0)
		return true;
	if (!form_get_currency(c, form, "currency", MUST(0, 0), &cur))
		return false;
	struct form_money m = { name.p, cur, MAY(-MONEY_MAX_MINOR, MONEY_MAX_MINOR) };

	if (!form_get_money(c, form, m, &minor))
		return false;
	set(obj, key, json_integer(minor));
	return true;
}

bool form_json(struct ctx *c, const struct form *f, const struct model *m, json_t **out)
{
	json_t *obj = json_own(c->arena, json_object());

	for (size_t i = 0; i < m->field_count; i++) {
		const struct field *field = &m->fields[i];
		bool number = field->type == TYPE_INT && field->as == AS_PLAIN;

		if (!(field->flags & IN) || field->as == AS_METADATA)
			continue;
		if (!set_value(c, f, field, obj) || (number && !set_money(c, f, field, obj)))
			return false;
	}
	*out = obj;
	return true;
}
