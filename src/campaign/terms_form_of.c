/* SPDX-License-Identifier: Apache-2.0 */
#include "campaign/terms_form.h"

#include "base/check.h"
#include "campaign/terms_doc.h"
#include "data/json.h"

/* From terms to the form, and what its buttons do with rows. */
struct filling {
	struct arena *a;
	const struct currency *cur;
	bool by_money;
	struct form_field *fields;
	size_t count;
};

static void put(struct filling *m, struct str path, const char *suffix, struct str value)
{
	CHECK(m->count < FORM_FIELDS_MAX);
	m->fields[m->count++] = (struct form_field){
		arena_printf(m->a, "%.*s%s", STR_ARG(path), suffix), value,
	};
}

static const json_t *value_at(const json_t *doc, const char *path)
{
	struct str rest = str_from(path);

	while (doc && rest.n > 0) {
		struct str key = str_cut(&rest, '/');

		doc = json_object_getn(doc, key.p, key.n);
	}
	return doc;
}

static struct str number_text(struct filling *m, const json_t *value)
{
	return json_is_integer(value)
	     ? arena_printf(m->a, "%lld", (long long)json_integer_value(value)) : STR("");
}

static struct str money(struct filling *m, const json_t *value)
{
	return json_is_integer(value) ? money_plain(m->a, json_integer_value(value), m->cur)
	                              : STR("");
}

static void put_reward(struct filling *m, struct str path, const json_t *reward)
{
	struct str type = json_text(json_object_get(reward, "type"));
	const json_t *amount = json_object_get(reward, "amount");

	put(m, path, "/is", amount ? money(m, amount) : json_text(json_object_get(reward, "value")));
	put(m, path, "/how", type.n > 0 ? type : STR("percentage"));
}

static void put_months(struct filling *m, const struct terms_input *in, struct str path,
                       const json_t *months)
{
	bool many = json_integer_value(months) > 0;

	put(m, path, "/is", many ? number_text(m, months) : STR(""));
	put(m, path, "/how", !months             ? str_from(in->usual)
	                     : json_is_null(months) ? STR("life")
	                     : many                 ? STR("renewals")
	                                            : STR("first"));
}

static void put_ownership(struct filling *m, struct str path, const json_t *value)
{
	const json_t *days = json_object_get(value, "days");

	put(m, path, "/is", number_text(m, days));
	put(m, path, "/how", days ? STR("days") : value ? json_text(value) : STR("lifetime"));
}

static struct str list_text(struct filling *m, const json_t *value)
{
	const json_t *one;
	struct buf b;
	size_t i;

	if (!json_is_array(value))
		return json_text(value);
	buf_init(&b, m->a);
	json_array_foreach(value, i, one) {
		buf_puts(&b, i > 0 ? ", " : "");
		buf_str(&b, json_text(one));
	}
	return buf_text(&b);
}

static struct str text_of(struct filling *m, const struct terms_input *in, const json_t *value)
{
	if (!value)
		return str_from(in->usual);
	switch (in->kind) {
	case TERMS_MONEY:
		return money(m, value);
	case TERMS_FROM:
		return m->by_money ? money(m, value) : number_text(m, value);
	case TERMS_NUMBER:
		return number_text(m, value);
	case TERMS_LIST:
	case TERMS_COUNTRIES:
		return list_text(m, value);
	case TERMS_CHECK:
		return json_is_true(value) ? STR("1") : STR("0");
	case TERMS_RENEWAL:
		return json_is_true(value) ? STR("renewals") : STR("first");
	default:
		return json_text(value);
	}
}

static void put_input(struct filling *m, const struct terms_input *in, struct str path,
                      const json_t *value)
{
	if (in->kind == TERMS_REWARD)
		put_reward(m, path, value);
	else if (in->kind == TERMS_MONTHS)
		put_months(m, in, path, value);
	else if (in->kind == TERMS_OWNERSHIP)
		put_ownership(m, path, value);
	else
		put(m, path, "", text_of(m, in, value));
}

static void put_row(struct filling *m, const struct terms_section *s, size_t row,
                    const json_t *doc)
{
	for (size_t i = 0; i < s->cell_count; i++)
		put_input(m, &s->cells[i], terms_form_path(m->a, s, row, &s->cells[i]),
		          value_at(doc, s->cells[i].path));
}

static void put_rows(struct filling *m, const struct terms_section *s, const json_t *list)
{
	const json_t *value;
	const char *name;
	size_t row = 0;

	if (json_is_array(list))
		json_array_foreach(list, row, value)
			put_row(m, s, row, value);
	if (!s->keyed || !list)
		return;
	json_object_foreach((json_t *)(uintptr_t)list, name, value) {
		json_t *named = json_own(m->a, json_copy((json_t *)(uintptr_t)value));

		json_set_str(named, "name", str_from(name));
		put_row(m, s, row++, named);
	}
}

static void fill(struct filling *m, const json_t *doc)
{
	for (size_t i = 0; i < terms_section_count; i++) {
		const struct terms_section *s = &terms_sections[i];

		for (size_t k = 0; k < s->count; k++)
			put_input(m, &s->inputs[k], str_from(s->inputs[k].path),
			          value_at(doc, s->inputs[k].path));
		if (s->list)
			put_rows(m, s, value_at(doc, s->list));
	}
}

static bool canonical(struct ctx *c, const struct terms *t, json_t **out)
{
	struct buf b;

	buf_init(&b, c->arena);
	terms_doc_print(&b, t);
	return json_read(c, buf_text(&b), out);
}

static bool is_once(enum trigger kind)
{
	return kind != TRIGGER_SALE;
}

static struct offer lasting(struct offer f, enum trigger kind)
{
	if (is_once(kind) && f.reward.type != REWARD_NONE)
		f = (struct offer){ .reward = f.reward };
	return f;
}

/* The terms as the form has them: without the durations that mean nothing (terms_form_idle). */
static struct terms without_idle(struct arena *a, const struct terms *of)
{
	struct condition *rewards = ARENA_ARRAY(a, struct condition, of->reward_count + 1);
	struct group_offer *groups = ARENA_ARRAY(a, struct group_offer, of->group_count + 1);
	struct tier *tiers = ARENA_ARRAY(a, struct tier, of->tier_count + 1);
	bool once = is_once(of->trigger);
	struct terms t = *of;

	for (size_t i = 0; i < t.reward_count; i++) {
		enum trigger kind = of->rewards[i].has_event ? of->rewards[i].event : of->trigger;

		rewards[i] = of->rewards[i];
		rewards[i].offer = lasting(of->rewards[i].offer, kind);
		once = once && is_once(kind);
	}
	for (size_t i = 0; i < t.group_count; i++)
		groups[i] = (struct group_offer){ of->groups[i].name,
			                          lasting(of->groups[i].offer, of->trigger) };
	for (size_t i = 0; i < t.tier_count; i++)
		tiers[i] = (struct tier){ of->tiers[i].from,
			                  lasting(of->tiers[i].offer, of->trigger) };
	t.rewards = rewards;
	t.groups = groups;
	t.tiers = tiers;
	if (is_once(t.trigger))
		t.standard.recurring_months = MONTHS_LIFETIME;
	if (once)
		t.delay_invoices = 0;
	return t;
}

/* "rewards" of the error on "terms/rewards/0/if". */
static struct str part_of(struct ctx *c)
{
	struct str path = arena_str(c->arena, str_from(c->err.field));

	str_cut(&path, '/');
	return str_cut(&path, '/');
}

/* The first member that is another one after the way through the form and back. */
static bool lost(struct ctx *c, const json_t *before, const struct form *f,
                 const struct currency *cur, struct str *out)
{
	struct terms again;
	const char *key;
	json_t *after, *value;

	if (!terms_doc_read(c, terms_form_doc(c->arena, f, cur), cur, &again)) {
		*out = part_of(c);
		fail_clear(c);
		return true;
	}
	if (!canonical(c, &again, &after))
		return false;
	*out = STR("");
	json_object_foreach((json_t *)(uintptr_t)before, key, value)
		if (out->n == 0 && !json_equal(value, json_object_get(after, key)))
			*out = str_from(key);
	json_object_foreach(after, key, value)
		if (out->n == 0 && !json_object_get(before, key))
			*out = str_from(key);
	return true;
}

bool terms_form_of(struct ctx *c, const struct terms *t, struct form *out, struct str *out_part)
{
	struct filling m = {
		.a = c->arena, .cur = t->currency, .by_money = t->tiers_by <= TIERS_REVENUE,
		.fields = ARENA_ARRAY(c->arena, struct form_field, FORM_FIELDS_MAX),
	};
	struct terms kept = without_idle(c->arena, t);
	json_t *doc;

	if (!canonical(c, &kept, &doc))
		return false;
	fill(&m, doc);
	*out = (struct form){ m.fields, m.count };
	return lost(c, doc, out, t->currency, out_part);
}

/* ---- Rows. */

static bool has_row(const struct form *f, const struct terms_section *s, size_t row)
{
	char prefix[FORM_NAME_MAX];

	snprintf(prefix, sizeof(prefix), "%s/%zu/", s->list, row);
	for (size_t i = 0; i < f->count; i++)
		if (str_starts(f->fields[i].name, prefix))
			return true;
	return false;
}

size_t terms_form_rows(const struct form *f, const struct terms_section *s)
{
	size_t count = 0;

	while (s->list && count <= s->row_max && has_row(f, s, count))
		count++;
	return count;
}

/* Nothing typed and nothing chosen but what stands there first. */
static bool is_empty(const struct form *f, const struct terms_input *in, struct str path)
{
	struct terms_typed v = terms_form_typed(f, in, path);

	if (in->kind == TERMS_MONTHS)
		return v.how.n == 0;
	return v.is.n == 0 || (in->names && str_is(v.is, in->usual ? in->usual : in->names[0]));
}

static bool is_empty_row(struct arena *a, const struct form *f, const struct terms_section *s,
                         size_t row)
{
	for (size_t i = 0; i < s->cell_count; i++)
		if (!is_empty(f, &s->cells[i], terms_form_path(a, s, row, &s->cells[i])))
			return false;
	return true;
}

static void copy_row(struct filling *m, const struct form *f, const struct terms_section *s,
                     size_t from)
{
	struct str prefix = arena_printf(m->a, "%s/%zu/", s->list, from);
	size_t to = terms_form_rows(&(struct form){ m->fields, m->count }, s);

	for (size_t i = 0; i < f->count && m->count < FORM_FIELDS_MAX; i++) {
		struct str rest = f->fields[i].name;

		if (!str_starts(rest, prefix.p))
			continue;
		rest = str_slice(rest, prefix.n, rest.n - prefix.n);
		put(m, arena_printf(m->a, "%s/%zu/%.*s", s->list, to, STR_ARG(rest)), "",
		    f->fields[i].value);
	}
}

static bool is_step(struct arena *a, struct str step, const char *verb, struct str path)
{
	return str_eq(step, arena_printf(a, "%s/%.*s", verb, STR_ARG(path)));
}

static void copy_rows(struct filling *m, const struct form *f, const struct terms_section *s,
                      struct str step)
{
	size_t order[64 + 2], count = 0, rows = terms_form_rows(f, s);

	CHECK(s->row_max < LEN(order) - 1);
	for (size_t i = 0; i < rows; i++) {
		struct str path = arena_printf(m->a, "%s/%zu", s->list, i);

		if (is_step(m->a, step, "remove", path) || is_empty_row(m->a, f, s, i))
			continue;
		order[count++] = i;
		if (count > 1 && is_step(m->a, step, "up", path)) {
			order[count - 1] = order[count - 2];
			order[count - 2] = i;
		}
	}
	for (size_t i = 0; i < count; i++)
		copy_row(m, f, s, order[i]);
	if (is_step(m->a, step, "add", str_from(s->list)) && count < s->row_max)
		put(m, arena_printf(m->a, "%s/%zu/new", s->list, count), "", STR("1"));
}

static bool in_rows(struct str name)
{
	for (size_t i = 0; i < terms_section_count; i++) {
		const char *list = terms_sections[i].list;

		if (list && str_starts(name, list) && name.n > strlen(list) + 1
		    && name.p[strlen(list)] == '/')
			return true;
	}
	return false;
}

struct form terms_form_step(struct arena *a, const struct form *f, struct str step)
{
	struct filling m = { .a = a, .fields = ARENA_ARRAY(a, struct form_field, FORM_FIELDS_MAX) };

	for (size_t i = 0; i < f->count; i++)
		if (!in_rows(f->fields[i].name))
			m.fields[m.count++] = f->fields[i];
	for (size_t i = 0; i < terms_section_count; i++)
		if (terms_sections[i].list)
			copy_rows(&m, f, &terms_sections[i], step);
	return (struct form){ m.fields, m.count };
}
