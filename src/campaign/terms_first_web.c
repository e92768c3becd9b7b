/* SPDX-License-Identifier: Apache-2.0 */
#include "campaign/terms_first_web.h"

#include "base/field.h"
#include "campaign/terms_first.h"
#include "campaign/terms_form_view.h"
#include "data/json.h"

/* The input that was refused: "reward" of "terms/reward", and of "reward/is", which is unreadable. */
static struct str refused_input(const struct err *e)
{
	struct str path = str_from(e->field);
	size_t two = str_ends(path, "/is") ? 3 : str_ends(path, "/how") ? 4 : 0;
	size_t skip = str_starts(path, "terms/") ? 6 : 0;

	path = str_slice(path, skip, path.n - skip - two);
	return names_find(terms_first_inputs, path) < 0 ? STR("") : path;
}

/* What the page was refused for comes first, then what else is wrong with the terms. */
static size_t find_problems(struct page *p, struct terms_problem out[TERMS_PROBLEMS_MAX + 1])
{
	struct str code = page_text(p->q, "currency"), refused = refused_input(p->q->problem);
	const struct currency *typed = currency_find(code);
	struct terms_problem found[TERMS_PROBLEMS_MAX];
	size_t n = 0, count;

	count = terms_form_check(p->c, &p->q->form, typed ? typed : currency_find(p->org.currency),
	                         found);
	if (refused.n > 0)
		out[n++] = (struct terms_problem){ refused, str_from(p->q->problem->msg) };
	for (size_t i = 0; i < count; i++)
		if (!str_eq(found[i].path, refused))
			out[n++] = found[i];
	return n;
}

static void lead_to_first(struct page *p, const struct terms_shown *shown)
{
	json_t *list = terms_form_problems_view(p->c->arena, shown);
	const json_t *first = json_array_get(list, 0);
	json_t *problem = json_object_get(p->view, "problem");

	json_set_str(problem, "anchor", json_text(json_object_get(first, "href")));
	json_set_str(problem, "label", json_text(json_object_get(first, "label")));
	json_decref(list);
}

void terms_first_web_put(struct page *p)
{
	struct terms_problem problems[TERMS_PROBLEMS_MAX + 1];
	bool refused = p->q->problem != NULL;
	struct terms_shown shown = { .form = refused ? &p->q->form : &terms_first_form,
	                             .problems = problems };

	if (refused)
		shown.problem_count = find_problems(p, problems);
	json_object_set_new(p->view, "first", terms_form_view_some(p->c->arena, &shown, terms_first_inputs));
	if (refused && refused_input(p->q->problem).n > 0)
		lead_to_first(p, &shown);
}
