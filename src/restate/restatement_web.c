/* SPDX-License-Identifier: Apache-2.0 */
#include "restate/restatement_web.h"

#include "base/check.h"
#include "campaign/campaign.h"
#include "campaign/terms_says.h"
#include "campaign/terms_version.h"
#include "data/form.h"
#include "data/json.h"
#include "data/model_json.h"
#include "restate/line.h"
#include "restate/restatement.h"
#include "web/inputs.h"
#include "web/names.h"
#include "web/page.h"
#include "web/say.h"

#define VERSIONS_SHOWN 50
#define RUNS_SHOWN 20
#define LINES_MAX 250 /* on the page; the API has all */

static const struct input rows[] = {
	{ "version", "Terms", .kind = INPUT_SELECT, .options = "choices", .required = true,
	  .hint = "Each event is judged again by these instead of those in force then." },
	{ "from", "Events from", .type = "date", .look = "short",
	  .hint = "Empty: from the beginning." },
	{ "to", "Events before", .type = "date", .look = "short",
	  .hint = "That day is not included. Empty: until now." },
	{ "reason", "Why", .kind = INPUT_AREA, .required = true,
	  .hint = "Partners read it beside each adjustment." },
};

/* ---- The form. */

static bool put_choices(struct page *p, const struct campaign *m)
{
	json_t *list = json_array();
	struct list versions;

	json_object_set_new(p->view, "choices", list);
	if (!terms_list(p->c, m->id, INT64_MAX, VERSIONS_SHOWN, &versions))
		return false;
	for (size_t i = 0; i < versions.count; i++) {
		const struct terms_version *v = (const struct terms_version *)versions.items + i;
		struct str number = arena_printf(p->c->arena, "%lld", (long long)v->version);
		json_t *o = json_object();

		json_set_str(o, "value", number);
		json_set_str(o, "text",
		             arena_printf(p->c->arena, "Version %.*s, from %.*s", STR_ARG(number),
		                          STR_ARG(say_date(p, v->effective_at))));
		json_array_append_new(list, o);
	}
	return true;
}

static bool put_runs(struct page *p, const struct campaign *m)
{
	json_t *list = json_array();
	struct list runs;

	json_object_set_new(p->view, "runs", list);
	if (!restatement_of_campaign(p->c, m->id, RUNS_SHOWN, &runs))
		return false;
	json_set_bool(p->view, "any_runs", runs.count > 0);
	for (size_t i = 0; i < runs.count; i++)
		json_array_append_new(list, page_row(p, &restatement_model,
		                                     (const struct restatement *)runs.items + i));
	return true;
}

static json_t *typed(struct page *p)
{
	json_t *values = json_own(p->c->arena, json_object());

	if (form_has(&p->q->query, "version"))
		json_set_str(values, "version", form_get(&p->q->query, "version"));
	for (size_t i = 0; i < LEN(rows); i++)
		if (form_has(&p->q->form, rows[i].name))
			json_set_str(values, rows[i].name, form_get(&p->q->form, rows[i].name));
	return values;
}

static bool of_path(struct ctx *c, const struct req *q, struct campaign *out)
{
	int64_t id;

	return page_arg_id(c, q, ID_CAMPAIGN, &id) && campaign_get(c, id, out);
}

bool restatement_web_new(struct ctx *c, const struct req *q, struct res *r)
{
	struct campaign m;
	struct page p;

	if (!of_path(c, q, &m) || !page_open(&p, c, q, r)
	    || !page_put(&p, "campaign", &campaign_model, &m) || !put_choices(&p, &m)
	    || !put_runs(&p, &m))
		return false;
	inputs_put(&p, "form", &(struct inputs){ rows, LEN(rows), typed(&p) });
	return page_show(&p, "app/restatement_new.html", STR("Apply terms to the past"));
}

static bool done(struct ctx *c, const struct req *q, struct res *r, const struct restatement *run,
                 const char *flash)
{
	return page_done(c, q, r,
	                 arena_printf(c->arena, "/restatements/%.*s",
	                              STR_ARG(id_str(c->arena, ID_RESTATEMENT, run->id))),
	                 flash);
}

bool restatement_web_create(struct ctx *c, const struct req *q, struct res *r)
{
	struct restatement_new in = { 0 };
	struct restatement run;
	struct campaign m;
	json_t *body;

	return of_path(c, q, &m) && page_new(c, q, &restatement_new_model, &body)
	       && model_read(c, &restatement_new_model, body, &in, true)
	       && restatement_create(c, m.id, &in, &run)
	       && done(c, q, r, &run, "restatement.created");
}

/* ---- One run. */

static struct str signed_money(const struct page *p, int64_t minor, struct str code)
{
	struct str text = say_money(p, minor, code);

	return minor > 0 ? arena_printf(p->c->arena, "+%.*s", STR_ARG(text)) : text;
}

static void set_amounts(const struct page *p, json_t *o, const struct line *l)
{
	json_set_str(o, "was_text", say_money(p, l->was, l->currency));
	json_set_str(o, "becomes_text", say_money(p, l->becomes, l->currency));
	json_set_str(o, "difference_text", signed_money(p, l->becomes - l->was, l->currency));
	json_set_str(o, "posted_text", signed_money(p, l->posted, l->currency));
}

static bool put_lines(struct page *p, const struct restatement *run)
{
	json_t *list = json_array(), *totals = json_array();
	struct line total;
	struct list lines;

	json_object_set_new(p->view, "lines", list);
	json_object_set_new(p->view, "totals", totals);
	if (!line_list(p->c, run->id, &lines))
		return false;
	for (size_t i = 0; i < lines.count && i < LINES_MAX; i++) {
		const struct line *l = (const struct line *)lines.items + i;
		json_t *o = page_row(p, &line_model, l);

		set_amounts(p, o, l);
		json_array_append_new(list, o);
	}
	for (size_t i = 0; line_total(&lines, i, &total); i++) {
		json_t *o = json_object();

		set_amounts(p, o, &total);
		json_array_append_new(totals, o);
	}
	json_set_int(p->view, "not_shown",
	             lines.count > LINES_MAX ? (int64_t)(lines.count - LINES_MAX) : 0);
	json_set_bool(p->view, "differs", !line_as_previewed(run, &lines));
	return names_put(p, list);
}

static bool put_terms(struct page *p, const struct restatement *run)
{
	const struct terms *terms;

	if (!restatement_terms(p->c, run, &terms))
		return false;
	json_object_set_new(p->view, "says", terms_says(p->c->arena, terms));
	return true;
}

static bool put_state(struct page *p, const struct restatement *run)
{
	bool admin = p->c->actor.role >= ROLE_ADMIN;
	json_t *view = json_object_get(p->view, "run");
	struct line_sum sum;

	if (!line_sum(p->c, run->id, &sum))
		return false;
	json_set_int(view, "raised", sum.raised);
	json_set_int(view, "lowered", sum.lowered);
	json_set_int(view, "unchanged", sum.unchanged);
	json_set_int(view, "adjustments", sum.adjustments);
	json_set_bool(view, "preparing", run->status == RESTATEMENT_PREPARING);
	json_set_bool(view, "posting", run->status == RESTATEMENT_POSTING);
	json_set_bool(view, "approved", run->approved_at != 0);
	json_set_bool(view, "nothing", run->status == RESTATEMENT_PREVIEWED
	                               && sum.raised + sum.lowered == 0);
	json_set_bool(view, "can_approve", admin && run->status == RESTATEMENT_PREVIEWED
	                                   && sum.raised + sum.lowered > 0);
	json_set_bool(view, "can_cancel", admin && (run->status == RESTATEMENT_PREPARING
	                                            || run->status == RESTATEMENT_PREVIEWED));
	return true;
}

static bool named(struct ctx *c, const struct req *q, struct restatement *out)
{
	int64_t id;

	return page_arg_id(c, q, ID_RESTATEMENT, &id) && restatement_get(c, id, out);
}

bool restatement_web_show(struct ctx *c, const struct req *q, struct res *r)
{
	struct restatement run;
	struct campaign m;
	struct page p;

	return named(c, q, &run) && campaign_get(c, run.campaign_id, &m) && page_open(&p, c, q, r)
	       && page_put(&p, "campaign", &campaign_model, &m)
	       && page_put(&p, "run", &restatement_model, &run) && put_state(&p, &run)
	       && put_lines(&p, &run) && put_terms(&p, &run)
	       && page_show(&p, "app/restatement.html", STR("Terms applied to the past"));
}

bool restatement_web_approve(struct ctx *c, const struct req *q, struct res *r)
{
	struct restatement run;

	return named(c, q, &run) && restatement_approve(c, &run)
	       && done(c, q, r, &run,
	               run.status == RESTATEMENT_POSTED ? "restatement.posted"
	                                                : "restatement.posting");
}

bool restatement_web_cancel(struct ctx *c, const struct req *q, struct res *r)
{
	struct restatement run;

	return named(c, q, &run) && restatement_cancel(c, &run)
	       && done(c, q, r, &run, "restatement.canceled");
}
