/* SPDX-License-Identifier: Apache-2.0 */
#include "web/inputs.h"
#include "base/check.h"
#include "data/json.h"
#include "web/say.h"

bool inputs_refused(const struct page *p, const struct inputs *in)
{
	struct str path = p->q->path;

	return p->q->problem
	    && (in->action.n == 0
	        || (str_starts(path, p->base.p)
	            && str_eq(str_slice(path, p->base.n, path.n), in->action)));
}

/* What stands in the field: typed before, or as it is stored. */
static struct str value_of(const struct page *p, const struct inputs *in, const struct input *row)
{
	const json_t *value = json_object_get(in->values, row->name);

	if (inputs_refused(p, in) && form_has(&p->q->form, row->name))
		return form_get(&p->q->form, row->name);
	if (json_is_integer(value))
		return arena_printf(p->c->arena, "%lld", (long long)json_integer_value(value));
	if (json_is_boolean(value))
		return json_is_true(value) ? STR("1") : STR("");
	return json_text(value);
}

/* A checkbox is sent as "0" then "1", or "0" alone: the last counts. */
static bool is_checked(const struct page *p, const struct inputs *in, const struct input *row)
{
	struct str value = STR(""), next;
	size_t at = 0;

	if (!inputs_refused(p, in) || !form_has(&p->q->form, row->name))
		return value_of(p, in, row).n > 0;
	while (form_next(&p->q->form, row->name, &at, &next))
		value = next;
	return str_is(value, "1");
}

static bool is_wrong(const struct page *p, const struct inputs *in, const struct input *row)
{
	struct str field, name = str_from(row->name), dot = name;

	if (!inputs_refused(p, in) || !p->q->problem->field[0])
		return false;
	field = str_from(p->q->problem->field);
	return str_eq(str_cut(&field, '/'), name)
	    || str_is(str_cut(&dot, '.'), p->q->problem->field);
}

static void put_wrong(struct page *p, json_t *view, const struct input *row, struct str id)
{
	const struct err *e = p->q->problem;
	struct str path = str_from(e->field);
	json_t *problem = json_object_get(p->view, "problem");

	str_cut(&path, '/');
	json_set_str(view, "wrong", path.n > 0 ? arena_printf(p->c->arena, "%.*s: %s", STR_ARG(path),
	                                                      e->msg)
	                                       : str_from(e->msg));
	json_set_str(problem, "anchor", id);
	json_set_str(problem, "label", str_from(row->label));
}

static void put_described(struct page *p, json_t *view, const struct input *row, struct str id)
{
	bool wrong = json_object_get(view, "wrong");
	struct str hint = row->hint ? arena_printf(p->c->arena, "%.*s-hint", STR_ARG(id)) : STR("");
	struct str says = wrong ? arena_printf(p->c->arena, "%.*s-wrong", STR_ARG(id)) : STR("");

	json_set_str(view, "described",
	             arena_printf(p->c->arena, "%.*s%s%.*s", STR_ARG(hint),
	                          hint.n && says.n ? " " : "", STR_ARG(says)));
}

static void add_option(json_t *list, struct str value, struct str text, struct str now)
{
	json_t *o = json_object();

	json_set_str(o, "value", value);
	json_set_str(o, "text", text);
	json_set_bool(o, "selected", str_eq(value, now));
	json_array_append_new(list, o);
}

/* A word as people write it; what is a word of programs ("track:write") stays as it is. */
static struct str option_text(struct page *p, struct str name)
{
	if (str_is(name, "paypal"))
		return STR("PayPal");
	return memchr(name.p, ':', name.n) ? name : say_words(p->c->arena, name);
}

static json_t *options_of(struct page *p, const struct input *row, struct str now)
{
	const json_t *from = row->options ? json_object_get(p->view, row->options) : NULL;
	json_t *list = json_array();
	json_t *o;
	size_t i;

	if (row->none)
		add_option(list, STR(""), str_from(row->none), now);
	for (i = 0; row->names && row->names[i]; i++)
		add_option(list, str_from(row->names[i]),
		           option_text(p, str_from(row->names[i])), now);
	json_array_foreach(from, i, o)
		add_option(list, json_text(json_object_get(o, "value")),
		           json_text(json_object_get(o, "text")), now);
	return list;
}

static json_t *view_of(struct page *p, const char *key, const struct inputs *in,
                       const struct input *row)
{
	struct str id = arena_printf(p->c->arena, "in-%s-%s", key, row->name);
	bool secret = row->type && strcmp(row->type, "password") == 0;
	struct str value = secret ? STR("") : value_of(p, in, row); /* never sent back */
	json_t *v = json_object();

	json_set_str(v, "id", id);
	json_set_str(v, "name", str_from(row->name));
	json_set_str(v, "label", str_from(row->label));
	json_set_str(v, "hint", str_from(row->hint));
	json_set_str(v, "type", str_from(row->type ? row->type : "text"));
	json_set_str(v, "look", str_from(row->look));
	json_set_str(v, "autocomplete", str_from(row->autocomplete));
	json_set_str(v, "value", value);
	json_set_bool(v, "required", row->required);
	json_set_bool(v, "optional", !row->required && row->kind != INPUT_CHECK
	                             && (row->kind != INPUT_SELECT || row->none));
	json_set_bool(v, "text", row->kind == INPUT_TEXT);
	json_set_bool(v, "area", row->kind == INPUT_AREA);
	json_set_bool(v, "select", row->kind == INPUT_SELECT);
	json_set_bool(v, "check", row->kind == INPUT_CHECK);
	if (row->kind == INPUT_SELECT || row->options)
		json_object_set_new(v, "options", options_of(p, row, value));
	json_set_bool(v, "offers", row->kind == INPUT_TEXT && row->options);
	if (row->kind == INPUT_CHECK)
		json_set_bool(v, "checked", is_checked(p, in, row));
	if (is_wrong(p, in, row))
		put_wrong(p, v, row, id);
	put_described(p, v, row, id);
	return v;
}

json_t *inputs_view(struct page *p, const char *key, const struct inputs *in)
{
	json_t *view = json_object(), *list = json_array();

	for (size_t i = 0; i < in->count; i++)
		json_array_append_new(list, view_of(p, key, in, &in->rows[i]));
	json_object_set_new(view, "inputs", list);
	json_set_bool(view, "refused", inputs_refused(p, in));
	return view;
}

void inputs_put(struct page *p, const char *key, const struct inputs *in)
{
	json_object_set_new(p->view, key, inputs_view(p, key, in));
}
