/* SPDX-License-Identifier: Apache-2.0 */
#include "campaign/terms_web.h"

#include "base/check.h"
#include "base/clock.h"
#include "campaign/campaign.h"
#include "campaign/terms_form.h"
#include "campaign/terms_form_view.h"
#include "campaign/terms_says.h"
#include "campaign/terms_version.h"
#include "data/json.h"
#include "data/json_out.h"
#include "data/model_json.h"
#include "web/page.h"
#include "web/say.h"
#include "whatif/whatif.h"
#include "whatif/whatif_print.h"

/* What every page of the editor begins with. */
struct editor {
	struct page p;
	struct campaign m;
	const struct currency *cur;
	struct terms_version latest;
	struct terms now; /* of the latest */
};

static bool open_editor(struct editor *e, struct ctx *c, const struct req *q, struct res *r)
{
	int64_t id;

	if (!page_arg_id(c, q, ID_CAMPAIGN, &id) || !campaign_get(c, id, &e->m)
	    || !page_open(&e->p, c, q, r) || !page_put(&e->p, "campaign", &campaign_model, &e->m)
	    || !terms_get(c, id, e->m.terms_version, &e->latest)
	    || !page_put(&e->p, "latest", &terms_model, &e->latest))
		return false;
	e->cur = currency_find(e->m.currency);
	json_set_bool(e->p.view, "to_come", e->latest.effective_at > c->now_ms);
	return terms_doc_stored(c, e->latest.document, e->cur, &e->now);
}

/* ---- The form and the document, each with what it says. */

static void put_says(struct editor *e, const struct terms *t)
{
	json_t *view = e->p.view;

	json_object_set_new(view, "says", terms_says(e->p.c->arena, t));
	json_object_set_new(view, "diff", terms_says_changes(e->p.c->arena, &e->now, t));
	json_set_bool(view, "readable", true);
}

static bool checked(const struct editor *e)
{
	return str_is(form_get(&e->p.q->form, "step"), "check");
}

/* What was asked for could not be done; what is only being typed is no error yet. */
static bool refuse(struct editor *e, bool wrong)
{
	if (wrong && page_text(e->p.q, "step").n > 0)
		e->p.r->status = 422;
	return true;
}

static bool show_form(struct editor *e, const struct form *f, const struct terms_problem *problems,
                      size_t count)
{
	struct terms_shown shown = { f, e->cur, problems, count };
	struct ctx *c = e->p.c;
	struct terms t;

	if (terms_doc_read(c, terms_form_doc(c->arena, f, e->cur), e->cur, &t))
		put_says(e, &t);
	fail_clear(c);
	json_object_set_new(e->p.view, "sections", terms_form_view(c->arena, &shown));
	json_object_set_new(e->p.view, "problems", terms_form_problems_view(c->arena, &shown));
	json_set_bool(e->p.view, "unfit", count > 0);
	json_set_bool(e->p.view, "right", count == 0 && checked(e));
	json_set_str(e->p.view, "mode", STR("form"));
	json_set_bool(e->p.view, "as_form", true);
	return page_show(&e->p, "app/terms_edit.html", STR("New version of the terms"))
	    && refuse(e, count > 0);
}

/* `part`: what the form has no fields for, or "". An error at hand is said at the text. */
static bool show_document(struct editor *e, struct str text, struct str part)
{
	struct ctx *c = e->p.c;
	json_t *view = e->p.view;
	bool wrong = c->err.code != ERR_NONE;

	if (wrong) {
		struct str path = arena_str(c->arena, str_from(c->err.field));

		if (str_starts(path, "terms"))
			str_cut(&path, '/');
		json_set_str(view, "wrong_path", path);
		json_set_str(view, "wrong_text", arena_str(c->arena, str_from(c->err.msg)));
		json_set_bool(view, "unfit", true);
		fail_clear(c);
	}
	json_set_bool(view, "right", json_object_get(view, "readable") && checked(e));
	json_set_str(view, "document", text);
	json_set_str(view, "part", part);
	json_set_str(view, "mode", STR("document"));
	return page_show(&e->p, "app/terms_edit.html", STR("New version of the terms"))
	    && refuse(e, wrong);
}

static struct str pretty(struct ctx *c, const json_t *doc)
{
	struct buf b;

	buf_init(&b, c->arena);
	jw_json(&b, doc);
	return say_json(c->arena, buf_text(&b));
}

/* The form where it can say all of it, or else the document. */
static bool show_either(struct editor *e, const struct terms *t, struct str document)
{
	struct str part;
	struct form f;

	if (!terms_form_of(e->p.c, t, &f, &part))
		return false;
	if (part.n == 0)
		return show_form(e, &f, NULL, 0);
	put_says(e, t);
	return show_document(e, say_json(e->p.c->arena, document), part);
}

bool terms_web_edit(struct ctx *c, const struct req *q, struct res *r)
{
	struct str from = form_get(&q->query, "from");
	struct terms_version v;
	struct editor e;
	struct terms t;
	int64_t number;

	if (!open_editor(&e, c, q, r))
		return false;
	if (from.n == 0)
		return show_either(&e, &e.now, e.latest.document);
	if (!str_to_int(from, &number))
		return fail(c, ERR_NOT_FOUND, "from", "There is no such version");
	return terms_get(c, e.m.id, number, &v)
	    && terms_doc_stored(c, v.document, e.cur, &t)
	    && show_either(&e, &t, v.document);
}

/* ---- The preview. */

static void put_wrong(json_t *view, const struct err *problem, const char *id, const char *label)
{
	json_t *shown = json_object_get(view, "problem");

	json_set_str(view, id[0] == 't' ? "wrong_time" : "wrong_date", str_from(problem->msg));
	json_set_str(shown, "anchor", str_from(id));
	json_set_str(shown, "label", str_from(label));
}

static void put_when(struct editor *e)
{
	const struct form *f = &e->p.q->form;
	const struct err *problem = e->p.q->problem;
	json_t *view = e->p.view;

	json_set_bool(view, "later", str_is(form_get(f, "when"), "later"));
	json_set_str(view, "date", page_text(e->p.q, "date"));
	json_set_str(view, "time", page_text(e->p.q, "time"));
	if (!problem)
		return;
	if (str_is(STR("time"), problem->field))
		put_wrong(view, problem, "time", "Time");
	else if (str_is(STR("effective_at"), problem->field) || str_is(STR("date"), problem->field))
		put_wrong(view, problem, "date", "In force from");
}

#define PAST_DAYS 90

static json_t *cost_view(const struct editor *e, const struct whatif *w)
{
	int64_t was = whatif_cost(&w->old), is = whatif_cost(&w->new);
	struct arena *a = e->p.c->arena;
	struct str code = e->m.currency, more = say_money(&e->p, is - was, code);
	json_t *view = json_object(), *noted = json_array();
	struct str notes[WHATIF_NOTES];
	size_t n = whatif_notes(a, w, notes);
	bool up;

	json_set_str(view, "was", say_money(&e->p, was, code));
	json_set_str(view, "now", say_money(&e->p, is, code));
	json_set_str(view, "more", is > was ? arena_printf(a, "+%.*s", STR_ARG(more)) : more);
	json_set_str(view, "by", say_change(a, was, is, &up));
	json_set_str(view, "events", say_number(a, w->events));
	json_set_bool(view, "any", w->events > 0);
	for (size_t i = 0; i < n; i++)
		json_array_append_new(noted, json_from_str(notes[i]));
	json_object_set_new(view, "notes", noted);
	return view;
}

/* What the last days would have cost; without an answer where there is too much to judge. */
static bool put_cost(struct editor *e, struct str document)
{
	struct ctx *c = e->p.c;
	struct whatif_ask ask = {
		.campaign_id = e->m.id, .terms = document,
		.from_ms = c->now_ms - PAST_DAYS * MS_PER_DAY, .to_ms = c->now_ms,
	};
	struct whatif *w = ARENA_NEW(c->arena, struct whatif);

	if (!c->actor.sees_money)
		return true;
	if (whatif_run(c, &ask, w)) {
		json_object_set_new(e->p.view, "cost", cost_view(e, w));
		return true;
	}
	if (c->err.code != ERR_TOO_LARGE)
		return false;
	fail_clear(c);
	return true;
}

static bool show_preview(struct editor *e, const struct terms *t)
{
	json_t *view = e->p.view;
	struct buf b;

	buf_init(&b, e->p.c->arena);
	terms_doc_print(&b, t);
	put_says(e, t);
	put_when(e);
	if (!put_cost(e, buf_text(&b)))
		return false;
	json_set_str(view, "document", buf_text(&b));
	json_set_int(view, "next", e->latest.version + 1);
	if (!json_object_get(view, "mode"))
		json_set_str(view, "mode", page_text(e->p.q, "mode"));
	return page_show(&e->p, "app/terms_preview.html", STR("Preview of the terms"));
}

/* ---- Buttons. */

/* A name given twice would be one key in the document: one of them would be lost. */
static bool loses_a_row(const struct terms_problem *problems, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (str_starts(problems[i].path, "groups/") && str_ends(problems[i].path, "/name"))
			return true;
	return false;
}

static bool draft_form(struct editor *e, struct str step)
{
	struct terms_problem problems[TERMS_PROBLEMS_MAX];
	struct ctx *c = e->p.c;
	struct form f = terms_form_step(c->arena, &e->p.q->form, step);
	json_t *doc = terms_form_doc(c->arena, &f, e->cur);
	struct terms t;
	size_t count;

	if (str_find(step, '/', 0) < step.n)
		return show_form(e, &f, NULL, 0);
	count = terms_form_check(c, &f, e->cur, problems);
	if (str_is(step, "document") && !loses_a_row(problems, count)) {
		if (terms_doc_read(c, doc, e->cur, &t))
			put_says(e, &t);
		fail_clear(c);
		return show_document(e, pretty(c, doc), STR(""));
	}
	if (!str_is(step, "preview") || count > 0)
		return show_form(e, &f, problems, count);
	return terms_doc_read(c, doc, e->cur, &t) && show_preview(e, &t);
}

static bool draft_document(struct editor *e, struct str step)
{
	struct str text = form_get(&e->p.q->form, "terms"), part;
	struct ctx *c = e->p.c;
	struct terms t;
	struct form f;

	if (!terms_doc_parse(c, text, e->cur, &t))
		return show_document(e, text, STR(""));
	if (str_is(step, "preview"))
		return show_preview(e, &t);
	if (str_is(step, "form")) {
		if (!terms_form_of(c, &t, &f, &part))
			return false;
		if (part.n == 0)
			return show_form(e, &f, NULL, 0);
		put_says(e, &t);
		return show_document(e, text, part);
	}
	put_says(e, &t);
	return show_document(e, say_json(c->arena, text), STR(""));
}

/* What could not even be read: said in the editor as its other problems are. */
static bool draft_unread(struct editor *e)
{
	struct str path = str_from(e->p.q->problem->field);
	size_t two = str_ends(path, "/is") ? 3 : str_ends(path, "/how") ? 4 : 0;
	struct terms_problem one = { str_slice(path, 0, path.n - two), str_from(e->p.q->problem->msg) };
	struct form f = terms_form_step(e->p.c->arena, &e->p.q->form, STR(""));

	json_object_del(e->p.view, "problem");
	return show_form(e, &f, &one, 1);
}

bool terms_web_draft(struct ctx *c, const struct req *q, struct res *r)
{
	struct str step = page_text(q, "step");
	struct editor e;

	if (!open_editor(&e, c, q, r))
		return false;
	if (q->problem && !form_has(&q->form, "terms"))
		return draft_unread(&e);
	return form_has(&q->form, "terms") ? draft_document(&e, step) : draft_form(&e, step);
}

bool terms_web_again(struct ctx *c, const struct req *q, struct res *r)
{
	struct editor e;
	struct terms t;

	if (!open_editor(&e, c, q, r))
		return false;
	if (!terms_doc_parse(c, form_get(&q->form, "terms"), e.cur, &t))
		return show_document(&e, form_get(&q->form, "terms"), STR(""));
	return show_preview(&e, &t);
}

/* ---- Publishing. */

/* "09:30" in minutes. */
static bool read_clock(struct str s, int64_t *out_minutes)
{
	struct str hour = str_cut(&s, ':');
	int64_t h, m;

	if (!str_to_int(hour, &h) || !str_to_int(s, &m) || h < 0 || h > 23 || m < 0 || m > 59)
		return false;
	*out_minutes = h * 60 + m;
	return true;
}

/* A day with a change of the clocks is longer or shorter than its wall clock says. */
static int64_t moment_of(struct str zone, struct date day, int64_t minutes)
{
	int64_t want = date_to_days(day) * MS_PER_DAY + minutes * 60 * MS_PER_SECOND;
	int64_t at = zone_day_start_ms(zone, day) + minutes * 60 * MS_PER_SECOND;

	return at + want - zone_local_ms(zone, at);
}

/* 0: now. */
static bool read_moment(struct ctx *c, const struct req *q, int64_t *out_ms)
{
	struct str day = page_text(q, "date"), clock = page_text(q, "time");
	int64_t minutes = 0;
	struct date date;
	struct org org;

	*out_ms = 0;
	if (!str_is(page_text(q, "when"), "later"))
		return true;
	if (day.n == 0)
		return fail(c, ERR_INVALID, "date", "say from which day");
	if (!date_parse(day, &date) || date.year < 2000 || date.year > 2200)
		return fail(c, ERR_INVALID, "date", "must be a day such as 2026-12-01");
	if (clock.n > 0 && !read_clock(clock, &minutes))
		return fail(c, ERR_INVALID, "time", "must be a time such as 09:30");
	if (!org_get(c, c->org_id, &org))
		return false;
	*out_ms = moment_of(org.timezone, date, minutes);
	return true;
}

/* Somebody else may have published while this one was being looked at. */
static bool check_latest(struct ctx *c, const struct req *q, const struct campaign *m)
{
	struct str after = page_text(q, "after");
	int64_t number;

	if (after.n == 0 || (str_to_int(after, &number) && number == m->terms_version))
		return true;
	return fail(c, ERR_CONFLICT, "after",
	            "Version %lld was published meanwhile. Look at the differences again",
	            (long long)m->terms_version);
}

bool terms_web_publish(struct ctx *c, const struct req *q, struct res *r)
{
	struct terms_version v;
	struct campaign m;
	int64_t id, at_ms;

	return page_arg_id(c, q, ID_CAMPAIGN, &id)
	    && campaign_get(c, id, &m)
	    && check_latest(c, q, &m)
	    && read_moment(c, q, &at_ms)
	    && terms_publish(c, id, form_get(&q->form, "terms"), at_ms, &v)
	    && page_done(c, q, r,
	                 arena_printf(c->arena, "/campaigns/%.*s/versions",
	                              STR_ARG(id_str(c->arena, ID_CAMPAIGN, id))),
	                 "terms.published");
}

/* ---- All versions. */

#define VERSIONS_SHOWN 20

static bool put_version(struct editor *e, json_t *list, const struct terms_version *v,
                        const struct terms_version *before)
{
	json_t *row = page_row(&e->p, &terms_model, v);
	struct ctx *c = e->p.c;
	struct terms t, old;

	json_array_append_new(list, row);
	json_object_del(row, "terms");
	if (!terms_doc_stored(c, v->document, e->cur, &t))
		return false;
	json_object_set_new(row, "says", terms_says(c->arena, &t));
	json_set_str(row, "document", say_json(c->arena, v->document));
	json_set_bool(row, "future", v->effective_at > c->now_ms);
	if (!before)
		return true;
	if (!terms_doc_stored(c, before->document, e->cur, &old))
		return false;
	json_object_set_new(row, "diff", terms_says_changes(c->arena, &old, &t));
	return true;
}

static bool put_versions(struct editor *e, int64_t below)
{
	struct ctx *c = e->p.c;
	json_t *list = json_array();
	struct terms_version running;
	struct list rows;
	size_t i;

	json_object_set_new(e->p.view, "versions", list);
	if (!terms_list(c, e->m.id, below, VERSIONS_SHOWN + 1, &rows)
	    || !terms_at(c, e->m.id, c->now_ms, &running))
		return false;
	for (i = 0; i < rows.count && i < VERSIONS_SHOWN; i++) {
		const struct terms_version *v = (const struct terms_version *)rows.items + i;

		if (!put_version(e, list, v, i + 1 < rows.count ? v + 1 : NULL))
			return false;
		json_set_bool(json_array_get(list, i), "running", v->id == running.id);
	}
	if (i < rows.count)
		json_set_int(e->p.view, "older", ((const struct terms_version *)rows.items)[i].version + 1);
	return true;
}

bool terms_web_versions(struct ctx *c, const struct req *q, struct res *r)
{
	struct str before = form_get(&q->query, "before");
	int64_t below = INT64_MAX;
	struct editor e;

	if (before.n > 0 && !str_to_int(before, &below))
		return fail(c, ERR_NOT_FOUND, "before", "There is no such version");
	return open_editor(&e, c, q, r)
	    && put_versions(&e, below)
	    && page_show(&e.p, "app/terms_versions.html", STR("Versions of the terms"));
}
