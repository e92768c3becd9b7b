/* SPDX-License-Identifier: Apache-2.0 */
#include "campaign/terms_form_view.h"

#include "base/check.h"
#include "data/json.h"

struct showing {
	struct arena *a;
	const struct terms_shown *t;
};

static struct str id_of(struct arena *a, struct str path)
{
	struct buf b;

	buf_init(&b, a);
	buf_puts(&b, "t");
	buf_char(&b, '-');
	for (size_t i = 0; i < path.n; i++)
		buf_char(&b, path.p[i] == '/' ? '-' : path.p[i]);
	return buf_text(&b);
}

static void add_option(json_t *list, const char *name, struct str text, struct str now)
{
	json_t *o = json_object();

	json_set_str(o, "value", str_from(name));
	json_set_str(o, "text", text);
	json_set_bool(o, "selected", str_is(now, name));
	json_array_append_new(list, o);
}

static json_t *options_of(const struct showing *s, const struct terms_input *in, struct str now)
{
	json_t *list = json_array();

	if (in->kind == TERMS_REWARD) {
		add_option(list, "percentage", STR("%"), now);
		add_option(list, "fixed", str_from(s->t->cur ? s->t->cur->code : "amount"), now);
		return list;
	}
	if (now.n == 0)
		now = str_from(in->usual);
	for (size_t i = 0; in->names[i]; i++)
		add_option(list, in->names[i], str_from(in->texts[i]), now);
	return list;
}

static bool is_money(const struct showing *s, const struct terms_input *in)
{
	return in->kind == TERMS_MONEY
	    || (in->kind == TERMS_FROM && terms_form_by_money(s->t->form));
}

static const char *unit_of(const struct showing *s, const struct terms_input *in)
{
	if (is_money(s, in))
		return s->t->cur ? s->t->cur->code : NULL;
	if (in->kind == TERMS_MONTHS)
		return "renewals";
	return in->kind == TERMS_OWNERSHIP ? "days" : in->unit;
}

/* Behind a choice the number has a name of its own; alone it says its unit in its label. */
static void put_text(const struct showing *s, json_t *v, const struct terms_input *in,
                     struct terms_typed now)
{
	bool words = in->kind == TERMS_TEXT || in->kind == TERMS_LIST || in->kind == TERMS_COUNTRIES;
	bool second = in->names != NULL;
	struct str id = json_text(json_object_get(v, "id")), unit = str_from(unit_of(s, in));
	json_t *text = json_object();

	json_set_str(text, "value", now.is);
	json_set_str(text, "keys", words ? STR("text") : STR("decimal"));
	json_set_str(text, "unit", unit);
	json_set_str(text, "text_id", second ? arena_printf(s->a, "%.*s-is", STR_ARG(id)) : id);
	json_set_str(text, "says",
	             second || unit.n > 0 ? arena_printf(s->a, "%s, %.*s", in->label, STR_ARG(unit))
	                                  : STR(""));
	json_set_str(v, "size", words ? STR("words") : STR("figure"));
	json_object_set_new(v, "text", text);
}

static bool has_choice(const struct terms_input *in)
{
	return in->names || in->kind == TERMS_REWARD;
}

static bool has_text(const struct terms_input *in)
{
	return !in->names || in->kind == TERMS_MONTHS || in->kind == TERMS_OWNERSHIP;
}

/* Names and ids: an input alone has the path, one of two "…/is" and "…/how". */
static void put_names(const struct showing *s, json_t *v, const struct terms_input *in,
                      struct str path)
{
	bool two = has_text(in) && has_choice(in);
	const char *is = two ? "/is" : "", *how = two ? "/how" : "";
	struct str id = id_of(s->a, path);

	json_set_str(v, "id", id);
	json_set_str(v, "name", arena_printf(s->a, "%.*s%s", STR_ARG(path), is));
	json_set_str(v, "how", arena_printf(s->a, "%.*s%s", STR_ARG(path), how));
	json_set_bool(v, "two", two && in->names);
	json_set_bool(v, "unit_last", in->kind == TERMS_REWARD);
}

static void put_wrong(const struct showing *s, json_t *v, struct str path)
{
	bool hint = json_string_length(json_object_get(v, "hint")) > 0;
	struct str id = id_of(s->a, path), says = STR(""), both = STR("");

	for (size_t i = 0; i < s->t->problem_count; i++)
		if (str_eq(s->t->problems[i].path, path))
			says = s->t->problems[i].msg;
	if (says.n > 0)
		json_set_str(v, "wrong", says);
	if (hint)
		both = arena_printf(s->a, "%.*s-hint", STR_ARG(id));
	if (says.n > 0)
		both = arena_printf(s->a, "%.*s%s%.*s-wrong", STR_ARG(both), hint ? " " : "",
		                    STR_ARG(id));
	json_set_str(v, "described", both);
}

static json_t *field_view(const struct showing *s, const struct terms_input *in, struct str path)
{
	struct terms_typed now = terms_form_typed(s->t->form, in, path);
	json_t *v = json_object();

	json_set_str(v, "label", str_from(in->label));
	json_set_str(v, "hint", str_from(in->hint));
	put_names(s, v, in, path);
	if (in->kind == TERMS_CHECK) {
		json_set_bool(v, "check", true);
		json_set_bool(v, "checked", str_is(now.is, "1"));
	} else if (has_text(in)) {
		put_text(s, v, in, now);
	}
	if (has_choice(in))
		json_object_set_new(v, "options", options_of(s, in, has_text(in) ? now.how : now.is));
	json_set_bool(v, "choice", has_choice(in));
	put_wrong(s, v, path);
	return v;
}

static void put_field(const struct showing *s, json_t *list, const struct terms_input *in,
                      struct str path)
{
	if (!terms_form_idle(s->t->form, in, path))
		json_array_append_new(list, field_view(s, in, path));
}

static json_t *row_view(const struct showing *s, const struct terms_section *section, size_t row)
{
	struct str path = arena_printf(s->a, "%s/%zu", section->list, row);
	json_t *v = json_object(), *fields = json_array();
	struct str fresh = arena_printf(s->a, "%.*s/new", STR_ARG(path));

	for (size_t i = 0; i < section->cell_count; i++)
		put_field(s, fields, &section->cells[i],
		          terms_form_path(s->a, section, row, &section->cells[i]));
	if (form_has(s->t->form, fresh.p))
		json_set_bool(json_array_get(fields, 0), "focus", true);
	json_object_set_new(v, "fields", fields);
	json_set_str(v, "title", arena_printf(s->a, "%s %zu", section->row, row + 1));
	json_set_str(v, "path", path);
	json_set_bool(v, "up", section->ordered && row > 0);
	json_set_str(v, "row_id", id_of(s->a, path));
	return v;
}

static json_t *section_view(const struct showing *s, const struct terms_section *section)
{
	json_t *v = json_object(), *fields = json_array(), *rows = json_array();
	size_t count = terms_form_rows(s->t->form, section);

	for (size_t i = 0; i < count; i++)
		json_array_append_new(rows, row_view(s, section, i));
	for (size_t i = 0; i < section->count && (count > 0 || !section->needs_rows); i++)
		put_field(s, fields, &section->inputs[i], str_from(section->inputs[i].path));
	json_set_str(v, "key", str_from(section->key));
	json_set_str(v, "title", str_from(section->title));
	json_set_str(v, "hint", str_from(section->hint));
	json_set_str(v, "list", str_from(section->list));
	json_set_str(v, "add", count < section->row_max ? str_from(section->add) : STR(""));
	json_set_bool(v, "any", json_array_size(fields) > 0);
	json_set_bool(v, "many", count > 0);
	json_object_set_new(v, "fields", fields);
	json_object_set_new(v, "rows", rows);
	return v;
}

json_t *terms_form_view(struct arena *a, const struct terms_shown *t)
{
	struct showing s = { a, t };
	json_t *list = json_array();

	for (size_t i = 0; i < terms_section_count; i++)
		json_array_append_new(list, section_view(&s, &terms_sections[i]));
	return list;
}

/* The input of this path outside of rows; there is one. */
static const struct terms_input *input_at(const char *path)
{
	const struct terms_input *found = NULL;

	for (size_t i = 0; i < terms_section_count && !found; i++)
		for (size_t n = 0; n < terms_sections[i].count && !found; n++)
			if (strcmp(terms_sections[i].inputs[n].path, path) == 0)
				found = &terms_sections[i].inputs[n];
	CHECK(found);
	return found;
}

json_t *terms_form_view_some(struct arena *a, const struct terms_shown *t,
                             const char *const *paths)
{
	struct showing s = { a, t };
	json_t *list = json_array();

	for (size_t i = 0; paths[i]; i++)
		json_array_append_new(list, field_view(&s, input_at(paths[i]), str_from(paths[i])));
	return list;
}

/* "Tier 2, From", as the page calls it; "" if it is no input of this section. */
static struct str label_in(const struct showing *s, const struct terms_section *section,
                           struct str path)
{
	size_t rows = terms_form_rows(s->t->form, section);

	for (size_t n = 0; n < section->count; n++)
		if (str_is(path, section->inputs[n].path))
			return str_from(section->inputs[n].label);
	for (size_t i = 0; i < rows * section->cell_count; i++) {
		const struct terms_input *cell = &section->cells[i % section->cell_count];
		size_t row = i / section->cell_count;

		if (str_eq(path, terms_form_path(s->a, section, row, cell)))
			return arena_printf(s->a, "%s %zu, %s", section->row, row + 1, cell->label);
	}
	return STR("");
}

static struct str label_of(const struct showing *s, struct str path)
{
	struct str label = STR("");

	for (size_t i = 0; i < terms_section_count && label.n == 0; i++)
		label = label_in(s, &terms_sections[i], path);
	return label;
}

json_t *terms_form_problems_view(struct arena *a, const struct terms_shown *t)
{
	struct showing s = { a, t };
	json_t *list = json_array();

	for (size_t i = 0; i < t->problem_count; i++) {
		struct str path = t->problems[i].path;
		json_t *v = json_object();

		json_set_str(v, "href", path.n > 0 ? id_of(a, path) : STR(""));
		json_set_str(v, "label", label_of(&s, path));
		json_set_str(v, "message", t->problems[i].msg);
		json_array_append_new(list, v);
	}
	return list;
}
