/* SPDX-License-Identifier: Apache-2.0 */
#include "campaign/terms_form.h"

#include "base/check.h"
#include "campaign/terms_doc.h"
#include "data/json.h"

struct str terms_form_path(struct arena *a, const struct terms_section *s, size_t row,
                           const struct terms_input *cell)
{
	return arena_printf(a, "%s/%zu/%s", s->list, row, cell->path);
}

static bool has_two(const struct terms_input *in)
{
	return in->kind == TERMS_REWARD || in->kind == TERMS_MONTHS || in->kind == TERMS_OWNERSHIP;
}

static struct str last_of(const struct form *f, const char *name)
{
	struct str value = STR("");
	size_t at = 0;

	while (form_next(f, name, &at, &value))
		;
	return str_trim(value);
}

struct terms_typed terms_form_typed(const struct form *f, const struct terms_input *in,
                                    struct str path)
{
	char is[FORM_NAME_MAX], how[FORM_NAME_MAX];

	CHECK(path.n + sizeof("/how") <= sizeof(is));
	snprintf(is, sizeof(is), "%.*s%s", STR_ARG(path), has_two(in) ? "/is" : "");
	snprintf(how, sizeof(how), "%.*s/how", STR_ARG(path));
	return (struct terms_typed){ last_of(f, is),
		                     has_two(in) ? str_trim(form_get(f, how)) : STR("") };
}

bool terms_form_by_money(const struct form *f)
{
	struct str by = str_trim(form_get(f, "tiers/by"));

	return by.n == 0 || str_is(by, "revenue");
}

static bool is_once(struct str kind)
{
	return kind.n > 0 && !str_is(kind, "sale");
}

/* Of a special reward: what it is for, if not for what the campaign pays for. */
static struct str event_of(const struct form *f, size_t row)
{
	char name[FORM_NAME_MAX];

	snprintf(name, sizeof(name), "rewards/%zu/if/event", row);
	return last_of(f, name);
}

static bool pays_once(const struct form *f)
{
	if (!is_once(last_of(f, "trigger")))
		return false;
	for (size_t row = 0; row < REWARDS_MAX; row++) {
		struct str event = event_of(f, row);

		if (event.n > 0 && !is_once(event))
			return false;
	}
	return true;
}

bool terms_form_idle(const struct form *f, const struct terms_input *in, struct str path)
{
	struct str rest = path, list = str_cut(&rest, '/'), event = STR("");
	char reward[FORM_NAME_MAX];
	int64_t row;

	if (strcmp(in->path, "delay_invoices") == 0)
		return pays_once(f);
	if (in->kind != TERMS_MONTHS)
		return false;
	if (str_is(list, "rewards") && str_to_int(str_cut(&rest, '/'), &row) && row >= 0)
		event = event_of(f, (size_t)row);
	if (!is_once(event.n > 0 ? event : last_of(f, "trigger")))
		return false;
	snprintf(reward, sizeof(reward), "%.*sreward/is", (int)(path.n - strlen("recurring_months")),
	         path.p);
	return str_eq(path, list) || last_of(f, reward).n > 0;
}

/* Commas may stand where thousands end, nowhere else: "12,50" is not twelve hundred fifty. */
static bool without_commas(struct arena *a, struct str s, struct str *out)
{
	size_t dot = str_find(s, '.', 0), point = dot == SIZE_MAX ? s.n : dot, n = 0;
	char *p = arena_alloc(a, s.n + 1);

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] != ',')
			p[n++] = s.p[i];
		else if (i == 0 || i >= point || (point - i) % 4 != 0)
			return false;
	}
	*out = (struct str){ p, n };
	return true;
}

bool terms_form_money(struct arena *a, struct str s, const struct currency *cur,
                      int64_t *out_minor)
{
	struct str plain;

	return without_commas(a, s, &plain) && money_parse(plain, cur, out_minor);
}

/* ---- From the form to the document. */

struct making {
	struct arena *a;
	const struct form *f;
	const struct currency *cur;
};

static json_t *number_of(struct str s)
{
	int64_t n;

	return str_to_int(s, &n) ? json_integer(n) : json_from_str(s);
}

static json_t *money_of(const struct making *m, struct str s)
{
	int64_t minor;

	return terms_form_money(m->a, s, m->cur, &minor) ? json_integer(minor) : json_from_str(s);
}

static struct str without_sign(struct str s)
{
	if (str_ends(s, "%"))
		s.n--;
	return str_trim(s);
}

static json_t *list_of(const struct making *m, struct str s, bool capitals)
{
	json_t *list = json_array();

	while (s.n > 0) {
		struct str one = arena_str(m->a, str_trim(str_cut(&s, ',')));

		for (size_t i = 0; capitals && i < one.n; i++)
			if (one.p[i] >= 'a' && one.p[i] <= 'z')
				((char *)(uintptr_t)one.p)[i] -= 'a' - 'A';
		if (one.n > 0)
			json_array_append_new(list, json_from_str(one));
	}
	return list;
}

static json_t *reward_of(const struct making *m, struct terms_typed v)
{
	json_t *reward;

	if (v.is.n == 0)
		return NULL;
	reward = json_object();
	if (str_is(v.how, "fixed")) {
		json_set_str(reward, "type", STR("fixed"));
		json_object_set_new(reward, "amount", money_of(m, v.is));
	} else {
		json_set_str(reward, "type", STR("percentage"));
		json_set_str(reward, "value", without_sign(v.is));
	}
	return reward;
}

static json_t *months_of(struct terms_typed v)
{
	if (str_is(v.how, "life"))
		return json_null();
	if (str_is(v.how, "first"))
		return json_integer(0);
	return str_is(v.how, "renewals") ? number_of(v.is) : NULL;
}

static json_t *ownership_of(struct terms_typed v)
{
	json_t *days;

	if (!str_is(v.how, "days"))
		return v.how.n > 0 ? json_from_str(v.how) : NULL;
	days = json_object();
	json_object_set_new(days, "days", number_of(v.is));
	return days;
}

/* NULL: left out. The caller owns it. */
static json_t *value_of(const struct making *m, const struct terms_input *in, struct str path)
{
	struct terms_typed v = terms_form_typed(m->f, in, path);

	if (terms_form_idle(m->f, in, path))
		return NULL;
	if (in->kind == TERMS_REWARD)
		return reward_of(m, v);
	if (in->kind == TERMS_MONTHS)
		return months_of(v);
	if (in->kind == TERMS_OWNERSHIP)
		return ownership_of(v);
	if (in->kind == TERMS_CHECK)
		return str_is(v.is, "1") ? json_true() : NULL;
	if (v.is.n == 0)
		return NULL;
	if (in->kind == TERMS_RENEWAL)
		return json_boolean(str_is(v.is, "renewals"));
	if (in->kind == TERMS_NUMBER)
		return number_of(v.is);
	if (in->kind == TERMS_MONEY || in->kind == TERMS_FROM)
		return in->kind == TERMS_MONEY || terms_form_by_money(m->f) ? money_of(m, v.is)
		                                                           : number_of(v.is);
	if (in->kind == TERMS_PERCENT)
		return json_from_str(without_sign(v.is));
	if (in->kind == TERMS_LIST || in->kind == TERMS_COUNTRIES)
		return list_of(m, v.is, in->kind == TERMS_COUNTRIES);
	return json_from_str(v.is);
}

/* Set the value at a path of keys, making the objects on the way. Takes the value. */
static void set_at(json_t *doc, const char *path, json_t *value)
{
	struct str rest = str_from(path), key = str_cut(&rest, '/');

	while (rest.n > 0) {
		json_t *next = json_object_getn(doc, key.p, key.n);

		if (!next) {
			next = json_object();
			json_object_setn_new(doc, key.p, key.n, next);
		}
		doc = next;
		key = str_cut(&rest, '/');
	}
	CHECK(json_object_setn_new(doc, key.p, key.n, value) == 0);
}

static json_t *row_of(const struct making *m, const struct terms_section *s, size_t row)
{
	json_t *doc = json_object();

	for (size_t i = 0; i < s->cell_count; i++) {
		json_t *value = value_of(m, &s->cells[i],
		                         terms_form_path(m->a, s, row, &s->cells[i]));

		if (value)
			set_at(doc, s->cells[i].path, value);
	}
	return doc;
}

/* A special reward without conditions has an empty "if", which is refused there. */
static json_t *rows_of(const struct making *m, const struct terms_section *s)
{
	json_t *rows = s->keyed ? json_object() : json_array();
	size_t count = terms_form_rows(m->f, s);

	for (size_t i = 0; i < count; i++) {
		json_t *row = row_of(m, s, i);

		if (s->ordered && !json_object_get(row, "if"))
			json_object_set_new(row, "if", json_object());
		if (s->keyed) {
			json_t *name = json_incref(json_object_get(row, "name"));

			json_object_del(row, "name");
			json_object_set_new(rows, name ? json_string_value(name) : "", row);
			json_decref(name);
		} else {
			json_array_append_new(rows, row);
		}
	}
	return rows;
}

static void put_section(const struct making *m, const struct terms_section *s, json_t *doc)
{
	json_t *rows = s->list ? rows_of(m, s) : NULL;
	bool any = json_array_size(rows) + json_object_size(rows) > 0;

	for (size_t i = 0; i < s->count && (any || !s->needs_rows); i++) {
		const struct terms_input *in = &s->inputs[i];
		json_t *value = value_of(m, in, str_from(in->path));

		if (value)
			set_at(doc, in->path, value);
	}
	if (any)
		set_at(doc, s->list, json_incref(rows));
	json_decref(rows);
}

json_t *terms_form_doc(struct arena *a, const struct form *f, const struct currency *cur)
{
	struct form tidy = terms_form_step(a, f, STR(""));
	struct making m = { a, &tidy, cur };
	json_t *doc = json_own(a, json_object());

	for (size_t i = 0; i < terms_section_count; i++)
		put_section(&m, &terms_sections[i], doc);
	return doc;
}
