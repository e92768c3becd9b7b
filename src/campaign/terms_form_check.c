/* SPDX-License-Identifier: Apache-2.0 */
#include "campaign/terms_form.h"

#include "base/check.h"
#include "campaign/terms_doc.h"
#include "data/json.h"

struct checking {
	struct ctx *c;
	const struct form *f;
	const struct currency *cur;
	struct terms_problem *out;
	size_t count;
};

static void add(struct checking *k, struct str path, struct str msg)
{
	for (size_t i = 0; i < k->count; i++)
		if (str_eq(k->out[i].path, path))
			return;
	if (k->count < TERMS_PROBLEMS_MAX)
		k->out[k->count++] = (struct terms_problem){ path, msg };
}

/* ---- Texts that are no numbers. */

static bool is_percent(struct arena *a, struct str s)
{
	int64_t ppm;

	s = str_trim(str_ends(s, "%") ? str_slice(s, 0, s.n - 1) : s);
	return percent_parse(arena_str(a, s), &ppm);
}

static bool needs_money(const struct checking *k, const struct terms_input *in,
                        struct terms_typed v)
{
	return in->kind == TERMS_MONEY || (in->kind == TERMS_FROM && terms_form_by_money(k->f))
	    || (in->kind == TERMS_REWARD && str_is(v.how, "fixed"));
}

static bool needs_number(const struct terms_input *in, struct terms_typed v)
{
	if (in->kind == TERMS_MONTHS)
		return str_is(v.how, "renewals");
	if (in->kind == TERMS_OWNERSHIP)
		return str_is(v.how, "days");
	return in->kind == TERMS_NUMBER || in->kind == TERMS_FROM;
}

static bool needs_percent(const struct terms_input *in, struct terms_typed v)
{
	return in->kind == TERMS_PERCENT
	    || (in->kind == TERMS_REWARD && !str_is(v.how, "fixed"));
}

static bool asks_for_more(const struct terms_input *in, struct terms_typed v)
{
	return v.is.n == 0
	    && ((in->kind == TERMS_MONTHS && str_is(v.how, "renewals"))
	        || (in->kind == TERMS_OWNERSHIP && str_is(v.how, "days")));
}

/* Of an input with two: is the choice one of those it offers? */
static bool knows(const struct terms_input *in, struct terms_typed v)
{
	if (v.how.n == 0)
		return true;
	if (in->kind == TERMS_REWARD)
		return str_is(v.how, "percentage") || str_is(v.how, "fixed");
	return names_find(in->names, v.how) >= 0;
}

static void check_input(struct checking *k, const struct terms_input *in, struct str path)
{
	struct terms_typed v = terms_form_typed(k->f, in, path);
	struct arena *a = k->c->arena;
	int64_t n;

	if (terms_form_idle(k->f, in, path))
		return;
	if (!knows(in, v))
		add(k, path, STR("must be one of the choices"));
	else if (asks_for_more(in, v))
		add(k, path, STR("how many?"));
	else if (v.is.n == 0)
		return;
	else if (needs_money(k, in, v) && !terms_form_money(a, v.is, k->cur, &n))
		add(k, path, arena_printf(a, "must be an amount in %s, such as %.*s", k->cur->code,
		                          STR_ARG(money_plain(a, 5000, k->cur))));
	else if (needs_percent(in, v) && !is_percent(a, v.is))
		add(k, path, STR("must be a percentage with at most four decimals, such as 12.5"));
	else if (!needs_money(k, in, v) && needs_number(in, v) && !str_to_int(v.is, &n))
		add(k, path, STR("must be a whole number"));
}

/* ---- Names of groups, the keys of their object. */

static struct str group_name(const struct checking *k, const struct terms_section *s, size_t row)
{
	return terms_form_typed(k->f, &s->cells[0],
	                        terms_form_path(k->c->arena, s, row, &s->cells[0])).is;
}

static void check_names(struct checking *k, const struct terms_section *s)
{
	size_t rows = terms_form_rows(k->f, s);

	for (size_t i = 0; i < rows; i++) {
		struct str path = terms_form_path(k->c->arena, s, i, &s->cells[0]);
		struct str name = group_name(k, s, i);

		if (name.n == 0)
			add(k, path, STR("is required"));
		for (size_t e = 0; e < i; e++)
			if (str_eq(group_name(k, s, e), name))
				add(k, path, STR("is there already"));
	}
}

static void check_inputs(struct checking *k)
{
	for (size_t i = 0; i < terms_section_count; i++) {
		const struct terms_section *s = &terms_sections[i];
		size_t rows = terms_form_rows(k->f, s);

		for (size_t n = 0; n < s->count; n++)
			check_input(k, &s->inputs[n], str_from(s->inputs[n].path));
		for (size_t row = 0; row < rows; row++)
			for (size_t n = 0; n < s->cell_count; n++)
				check_input(k, &s->cells[n],
				            terms_form_path(k->c->arena, s, row, &s->cells[n]));
		if (s->keyed)
			check_names(k, s);
	}
}

/* ---- From the path of the reader's error to an input. */

static bool is_below(struct str path, struct str parent)
{
	struct str rest = str_slice(path, parent.n, SIZE_MAX);

	return str_eq(str_slice(path, 0, parent.n), parent) && (rest.n == 0 || rest.p[0] == '/');
}

struct match {
	struct str best;
	size_t size;
};

/*
 * The input the error lies in counts most; then the first one that lies in what the error names.
 */
static void try_input(struct match *m, struct str path, struct str input)
{
	size_t size = is_below(path, input) ? 1000 + input.n : is_below(input, path) ? 1 : 0;

	if (size > m->size)
		*m = (struct match){ input, size };
}

/* "groups/gold/reward" is said of the row in which "gold" is typed; "a/b" is also a name. */
static struct str by_row(const struct checking *k, const struct terms_section *s, struct str path)
{
	size_t rows = terms_form_rows(k->f, s), skip = strlen(s->list) + 1, longest = 0;
	struct str rest = str_slice(path, skip, path.n > skip ? path.n - skip : 0);

	for (size_t i = 0; i < rows; i++) {
		struct str name = group_name(k, s, i);

		if (name.n <= longest || !is_below(rest, name))
			continue;
		longest = name.n;
		path = arena_printf(k->c->arena, "%s/%zu%.*s", s->list, i, (int)(rest.n - name.n),
		                    rest.p + name.n);
	}
	return path;
}

static struct str input_of(const struct checking *k, struct str path)
{
	struct match m = { STR(""), 0 };

	for (size_t i = 0; i < terms_section_count; i++) {
		const struct terms_section *s = &terms_sections[i];
		size_t rows = terms_form_rows(k->f, s);

		if (s->keyed && is_below(path, str_from(s->list)))
			path = by_row(k, s, path);
		for (size_t n = 0; n < s->count; n++)
			try_input(&m, path, str_from(s->inputs[n].path));
		for (size_t row = 0; row < rows; row++)
			for (size_t n = 0; n < s->cell_count; n++)
				try_input(&m, path, terms_form_path(k->c->arena, s, row, &s->cells[n]));
	}
	return m.best;
}

/* ---- What the document's reader says. */

typedef bool (*doc_reader)(struct ctx *c, const json_t *doc, const struct currency *cur,
                           struct terms *out);

static void read_part(struct checking *k, const json_t *doc, doc_reader read)
{
	struct ctx *c = k->c;
	struct terms t;
	struct str path;

	if (read(c, doc, k->cur, &t))
		return;
	path = arena_str(c->arena, str_from(c->err.field));
	str_cut(&path, '/');
	path = input_of(k, path);
	add(k, path, arena_str(c->arena, str_from(c->err.msg)));
	fail_clear(c);
}

/*
 * Each member alone beside a trigger and a reward that can be read: its own first error. Whether
 * they make sense together cannot be asked of one alone.
 */
static void check_parts(struct checking *k, const json_t *doc)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)doc, key, value) {
		json_t *part = json_own(k->c->arena,
		                        json_pack("{s:s, s:{s:s, s:i}}", "trigger", "sale", "reward",
		                                  "type", "fixed", "amount", 1));

		json_object_set(part, key, value);
		read_part(k, part, terms_doc_read_as_is);
	}
}

size_t terms_form_check(struct ctx *c, const struct form *f, const struct currency *cur,
                        struct terms_problem out[TERMS_PROBLEMS_MAX])
{
	struct form tidy = terms_form_step(c->arena, f, STR(""));
	struct checking k = { .c = c, .f = &tidy, .cur = cur, .out = out };
	json_t *doc = terms_form_doc(c->arena, f, cur);

	check_inputs(&k);
	check_parts(&k, doc);
	if (k.count == 0)
		read_part(&k, doc, terms_doc_read);
	return k.count;
}
