/* SPDX-License-Identifier: Apache-2.0 */
#include "whatif/whatif_web.h"

#include "base/check.h"
#include "campaign/terms_version.h"
#include "data/form.h"
#include "data/json.h"
#include "data/model_json.h"
#include "rules/names.h"
#include "web/chart.h"
#include "web/inputs.h"
#include "web/say.h"
#include "whatif/whatif_print.h"

#define SHOWN_PARTNERS 100 /* the CSV has them all */

static const struct input rows[] = {
	{ "terms", "Other terms", .kind = INPUT_AREA, .required = true, .look = "wide code",
	  .hint = "The terms document in JSON. Change what you want to try; nothing is published." },
	{ "from", "Events from", .type = "date", .look = "short" },
	{ "to", "Events before", .type = "date", .look = "short",
	  .hint = "That day is not included." },
	{ "compare", "Compare with version", .look = "short",
	  .hint = "Empty: with the terms that were in force." },
	{ "attribution", "Who is credited", .kind = INPUT_SELECT, .options = "credit",
	  .none = "Judged again if these terms attribute otherwise",
	  .hint = "By the attribution of these terms, from the contacts that were known." },
	{ "models", "Show every attribution model side by side", .kind = INPUT_CHECK },
};

static bool named(struct ctx *c, const struct req *q, struct campaign *out)
{
	int64_t id;

	return page_arg_id(c, q, ID_CAMPAIGN, &id) && campaign_get(c, id, out);
}

/* "0" always comes, "1" behind it if the box is ticked. */
static bool is_ticked(const struct page *p, const char *name)
{
	bool ticked = false;

	return form_get_bool(p->c, &p->q->form, name, MAY(0, 0), &ticked) && ticked;
}

static void put_choices(struct page *p)
{
	json_t *list = json_array();

	json_object_set_new(p->view, "credit", list);
	json_array_append_new(list, json_pack("{s:s,s:s}", "value", "1", "text", "Judged again"));
	json_array_append_new(list, json_pack("{s:s,s:s}", "value", "0", "text", "Left as it was"));
}

static bool open_form(struct page *p, const struct campaign *m)
{
	json_t *values = json_own(p->c->arena, json_object());
	struct terms_version v;

	if (!page_put(p, "campaign", &campaign_model, m)
	    || !terms_get(p->c, m->id, m->terms_version, &v))
		return false;
	put_choices(p);
	json_set_str(values, "terms", say_json(p->c->arena, v.document));
	for (size_t i = 0; i < LEN(rows); i++)
		if (rows[i].kind == INPUT_CHECK)
			json_set_bool(values, rows[i].name, is_ticked(p, rows[i].name));
		else if (form_has(&p->q->form, rows[i].name))
			json_set_str(values, rows[i].name, form_get(&p->q->form, rows[i].name));
	inputs_put(p, "form", &(struct inputs){ rows, LEN(rows), values });
	return true;
}

bool whatif_web_show(struct ctx *c, const struct req *q, struct res *r)
{
	struct campaign m;
	struct page p;

	return named(c, q, &m) && page_open(&p, c, q, r) && open_form(&p, &m)
	       && page_show(&p, "app/what_if.html", STR("What if"));
}

static struct str signed_money(const struct page *p, int64_t minor, struct str code)
{
	struct str text = say_money(p, minor, code);

	return minor > 0 ? arena_printf(p->c->arena, "+%.*s", STR_ARG(text)) : text;
}

static void set_amounts(const struct page *p, json_t *o, const int64_t old_new[2],
                        struct str code)
{
	json_set_str(o, "old", say_money(p, old_new[0], code));
	json_set_str(o, "new", say_money(p, old_new[1], code));
	json_set_str(o, "difference", signed_money(p, old_new[1] - old_new[0], code));
}

static void add_figure(json_t *list, const char *label, struct str value, struct str note)
{
	json_t *o = json_object();

	json_set_str(o, "label", str_from(label));
	json_set_str(o, "value", value);
	json_set_str(o, "note", note);
	json_array_append_new(list, o);
}

static void put_figures(struct page *p, const struct whatif *w)
{
	struct arena *a = p->c->arena;
	int64_t was = whatif_cost(&w->old), is = whatif_cost(&w->new);
	struct str code = w->campaign.currency;
	json_t *list = json_array();
	bool up;

	json_object_set_new(p->view, "figures", list);
	add_figure(list, w->ask.compare ? "Cost by that version" : "Cost as it was",
	           say_money(p, was, code),
	           arena_printf(a, "%.*s taken back by refunds",
	                        STR_ARG(say_money(p, w->old.reversed_minor, code))));
	add_figure(list, "Cost by these terms", say_money(p, is, code),
	           arena_printf(a, "%.*s taken back by refunds",
	                        STR_ARG(say_money(p, w->new.reversed_minor, code))));
	add_figure(list, "Difference", signed_money(p, is - was, code),
	           say_change(a, was, is, &up));
	add_figure(list, "Events that earn", say_number(a, w->new.events),
	           arena_printf(a, "%.*s before, of %.*s", STR_ARG(say_number(a, w->old.events)),
	                        STR_ARG(say_number(a, w->events))));
}

static void add_reasons(struct page *p, json_t *list, const int64_t counts[GATE_COUNT],
                        const char *what)
{
	struct arena *a = p->c->arena;

	for (size_t i = 0; i < GATE_COUNT; i++) {
		if (counts[i] == 0)
			continue;
		struct str says = arena_printf(a, "%.*s %s: %s.",
		                               STR_ARG(say_number(a, counts[i])), what,
		                               whatif_reason((enum gate)i));

		json_array_append_new(list, json_from_str(says));
	}
}

static void add_caps(struct page *p, json_t *list, const struct whatif *w,
                     const struct whatif_side *s, const char *when)
{
	struct arena *a = p->c->arena;

	for (size_t i = 0; i < s->cap_count; i++) {
		const struct whatif_cap *cap = &s->caps[i];
		struct str code = w->campaign.currency;
		struct str says =
		        arena_printf(a, "%s, the cap of %.*s per %s (%s) cut %.*s commissions by"
		                     " %.*s in all.", when,
		                     STR_ARG(say_money(p, cap->limit_minor, code)),
		                     cap_scope_names[cap->scope], period_names[cap->period],
		                     STR_ARG(say_number(a, cap->hits)),
		                     STR_ARG(say_money(p, cap->cut_minor, code)));

		json_array_append_new(list, json_from_str(says));
	}
}

static void put_changes(struct page *p, const struct whatif *w)
{
	struct arena *a = p->c->arena;
	struct str notes[WHATIF_NOTES];
	size_t n = whatif_notes(a, w, notes);
	json_t *list = json_array(), *noted = json_array();
	struct str says = arena_printf(a, "%.*s events would earn more, %.*s less, %.*s the same.",
	                               STR_ARG(say_number(a, w->more)),
	                               STR_ARG(say_number(a, w->less)),
	                               STR_ARG(say_number(a, w->same)));

	json_object_set_new(p->view, "changes", list);
	json_object_set_new(p->view, "notes", noted);
	json_array_append_new(list, json_from_str(says));
	add_reasons(p, list, w->gained_by, "would earn that did not");
	add_reasons(p, list, w->lost_by, "would no longer earn");
	add_caps(p, list, w, &w->old, w->ask.compare ? "By that version" : "As it was");
	add_caps(p, list, w, &w->new, "By these terms");
	for (size_t i = 0; i < n; i++)
		json_array_append_new(noted, json_from_str(notes[i]));
}

static void put_months(struct page *p, const struct whatif *w)
{
	struct arena *a = p->c->arena;
	struct chart_pair *pairs = ARENA_ARRAY(a, struct chart_pair, w->month_count + 1);
	json_t *list = json_array();

	json_object_set_new(p->view, "months", list);
	for (size_t i = 0; i < w->month_count; i++) {
		const struct whatif_month *m = &w->months[i];
		int64_t old_new[] = { m->old_minor, m->new_minor };
		json_t *o = json_object();

		pairs[i] = (struct chart_pair){ whatif_month_text(a, m->month), m->old_minor,
			                        m->new_minor };
		json_set_str(o, "month", pairs[i].label);
		set_amounts(p, o, old_new, w->campaign.currency);
		json_array_append_new(list, o);
	}
	if (w->month_count > 0)
		json_object_set_new(p->view, "chart",
		                    chart_pairs_view(a, pairs, w->month_count, w->currency));
}

static void set_models(const struct page *p, json_t *o, const struct whatif_partner *row,
                       struct str code)
{
	for (size_t m = 0; m < WHATIF_MODELS; m++)
		json_set_str(o, model_names[m], say_money(p, row->models[m], code));
}

static void put_partners(struct page *p, const struct whatif *w)
{
	json_t *list = json_array();
	size_t shown = w->partner_count < SHOWN_PARTNERS ? w->partner_count : SHOWN_PARTNERS;

	json_object_set_new(p->view, "partners", list);
	json_set_str(p->view, "who", whatif_who(p->c->arena, w));
	json_set_int(p->view, "more_partners", (int64_t)(w->partner_count - shown));
	for (size_t i = 0; i < shown; i++) {
		const struct whatif_partner *row = &w->partners[i];
		int64_t old_new[] = { row->old_minor, row->new_minor };
		json_t *o = json_object();

		json_set_id(o, "partner", ID_PARTNER, row->id);
		json_set_str(o, "name", row->name);
		set_amounts(p, o, old_new, w->campaign.currency);
		if (w->ask.models)
			set_models(p, o, row, w->campaign.currency);
		json_array_append_new(list, o);
	}
}

/* A row for each model: what it costs, and what it credits to each of the partners shown. */
static void put_models(struct page *p, const struct whatif *w)
{
	json_t *list;

	if (!w->ask.models)
		return;
	list = json_array();
	json_object_set_new(p->view, "models", list);
	json_set_bool(p->view, "with_models", true);
	for (size_t m = 0; m < WHATIF_MODELS; m++) {
		json_t *o = json_object();

		json_set_str(o, "model", say_words(p->c->arena, str_from(model_names[m])));
		json_set_str(o, "cost",
		             say_money(p, whatif_cost(&w->models[m]), w->campaign.currency));
		json_set_int(o, "events", w->models[m].events);
		json_array_append_new(list, o);
	}
}

static bool show_result(struct ctx *c, const struct req *q, struct res *r, const struct whatif *w)
{
	struct page p;

	if (!page_open(&p, c, q, r) || !open_form(&p, &w->campaign))
		return false;
	json_set_bool(p.view, "result", true);
	json_set_bool(p.view, "any", w->events > 0);
	put_figures(&p, w);
	put_changes(&p, w);
	put_months(&p, w);
	put_partners(&p, w);
	put_models(&p, w);
	return page_show(&p, "app/what_if.html", STR("What if"));
}

static bool send_csv(struct ctx *c, struct res *r, const struct whatif *w)
{
	struct buf b;

	buf_init(&b, c->arena);
	whatif_csv(&b, w);
	res_text(r, 200, STR("text/csv; charset=utf-8"), buf_text(&b));
	res_header(r, "Content-Disposition",
	           arena_printf(c->arena, "attachment; filename=\"what-if-%.*s.csv\"",
	                        STR_ARG(w->campaign.slug)));
	return true;
}

/* The buttons' own name is no part of the question. */
static bool read_form(struct ctx *c, const struct req *q, struct whatif_ask *out)
{
	struct form_field *kept = ARENA_ARRAY(c->arena, struct form_field, q->form.count + 1);
	struct form form = { kept, 0 };
	json_t *body;

	for (size_t i = 0; i < q->form.count; i++)
		if (!str_is(q->form.fields[i].name, "csv") && q->form.fields[i].value.n > 0)
			kept[form.count++] = q->form.fields[i];
	return form_json(c, &form, &whatif_new_model, &body)
	       && whatif_read_body(c, body, out);
}

bool whatif_web_run(struct ctx *c, const struct req *q, struct res *r)
{
	struct whatif_ask ask;
	struct campaign m;
	struct whatif w;

	if (!named(c, q, &m) || !read_form(c, q, &ask))
		return false;
	ask.campaign_id = m.id;
	if (!whatif_run(c, &ask, &w))
		return false;
	return form_has(&q->form, "csv") ? send_csv(c, r, &w) : show_result(c, q, r, &w);
}
