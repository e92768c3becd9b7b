/* SPDX-License-Identifier: Apache-2.0 */
#include "base/check.h"
#include "base/clock.h"
#include "base/money.h"
#include "change/change.h"
#include "data/form.h"
#include "data/json.h"
#include "data/model_json.h"
#include "org/zone.h"
#include "payout/payout_api.h"
#include "payout/payout_web.h"
#include "payout/run.h"
#include "report/report.h"
#include "web/inputs.h"
#include "web/listing.h"
#include "web/names.h"
#include "web/say.h"

#define LINES_MAX 250 /* on the page; the API and the file have all */

static const char *const methods[] = { "manual", "paypal", NULL };

static const struct input inputs[] = {
	{ "currency", "Currency", .kind = INPUT_SELECT, .options = "currencies", .required = true,
	  .hint = "What is owed now, in each." },
	{ "method", "File for", .kind = INPUT_SELECT, .names = methods, .required = true,
	  .hint = "A plain list for your bank, or PayPal's own." },
	{ "cutoff", "Matured up to", .type = "date",
	  .hint = "Empty: all that is payable now." },
};

static const struct listing_choice choices[] = {
	{ "status", "Status", run_status_names, "payout_run" },
};

/* The currencies in which something is owed, with how much. */
static bool put_currencies(struct page *p)
{
	json_t *list = json_array();
	struct rows rows;

	json_object_set_new(p->view, "currencies", list);
	if (!report_owed(p->c, &rows))
		return false;
	for (size_t i = 0; i < rows.count; i++) {
		struct str code = rows_str(&rows, i, 0);
		json_t *o;

		if (rows_int(&rows, i, 5) == 0)
			continue;
		o = json_object();
		json_set_str(o, "value", code);
		json_set_str(o, "text",
		             arena_printf(p->c->arena, "%.*s, %.*s owed to %lld", STR_ARG(code),
		                          STR_ARG(say_money(p, rows_int(&rows, i, 2), code)),
		                          (long long)rows_int(&rows, i, 5)));
		json_array_append_new(list, o);
	}
	json_set_bool(p->view, "payable", json_array_size(list) > 0);
	return true;
}

static bool put_totals(struct page *p, const struct run *run, const struct run_totals *t, json_t *view)
{
	json_set_int(view, "count", t->count);
	json_set_int(view, "skipped_count", t->skipped_count);
	json_set_int(view, "paid_count", t->paid_count);
	json_set_int(view, "failed_count", t->failed_count);
	json_set_int(view, "waiting_count", t->waiting_count);
	json_set_str(view, "total", say_money(p, t->amount, run->currency));
	json_set_str(view, "open", say_money(p, t->open, run->currency));
	json_set_str(view, "paid", say_money(p, t->paid, run->currency));
	return true;
}

static bool put_run(struct page *p, const void *row, json_t *view)
{
	const struct run *run = row;
	struct run_totals t;

	if (!run_totals(p->c, run->id, &t))
		return false;
	json_set_str(view, "method_name", str_is(run->method, "paypal")
	                                          ? STR("PayPal")
	                                          : say_words(p->c->arena, run->method));
	return put_totals(p, run, &t, view);
}

bool run_web_list(struct ctx *c, const struct req *q, struct res *r)
{
	const struct listing l = { .spec = &run_list, .choices = choices,
	                           .choice_count = LEN(choices), .row = put_run };
	struct page p;

	if (!page_open(&p, c, q, r) || !listing_put(&p, "list", &l) || !put_currencies(&p))
		return false;
	inputs_put(&p, "form", &(struct inputs){ inputs, LEN(inputs), NULL });
	return page_show(&p, "app/payouts.html", STR("Payouts"));
}

static bool done(struct ctx *c, const struct req *q, struct res *r, const struct run *run,
                 const char *flash)
{
	return page_done(c, q, r, arena_printf(c->arena, "/payouts/%.*s",
	                                       STR_ARG(id_str(c->arena, ID_RUN, run->id))), flash);
}

/* A day stands for all of it, as far as it is over, where the organisation is. */
static bool read_cutoff(struct ctx *c, const struct req *q, json_t *body, struct run *run)
{
	struct str text = page_text(q, "cutoff"), zone;
	struct date day;

	json_object_del(body, "cutoff");
	if (text.n == 0)
		return true;
	if (!date_parse(text, &day) || day.year < 2000 || day.year > 2200)
		return fail(c, ERR_INVALID, "cutoff", "must be a day such as 2026-12-01");
	if (!org_timezone(c, &zone))
		return false;
	if (zone_day_start_ms(zone, day) > c->now_ms)
		return fail(c, ERR_INVALID, "cutoff", "must not lie in the future");
	run->cutoff = zone_day_start_ms(zone, date_from_days(date_to_days(day) + 1)) - 1;
	if (run->cutoff > c->now_ms)
		run->cutoff = c->now_ms;
	return true;
}

bool run_web_create(struct ctx *c, const struct req *q, struct res *r)
{
	struct run run = { .method = STR("manual") };
	json_t *body;

	return page_new(c, q, &run_model, &body)
	    && read_cutoff(c, q, body, &run)
	    && model_read(c, &run_model, body, &run, true)
	    && run_create(c, &run)
	    && change_row(c, "payout_run.create", &run_model, NULL, &run)
	    && done(c, q, r, &run, "run.created");
}

static bool named(struct ctx *c, const struct req *q, struct run *out)
{
	int64_t id;

	return page_arg_id(c, q, ID_RUN, &id)
	    && run_get(c, id, out);
}

/* The field "what.pay_…" of one line. */
static struct str line_name(struct ctx *c, const char *what, int64_t id)
{
	return arena_printf(c->arena, "%s.%.*s", what, STR_ARG(id_str(c->arena, ID_PAYOUT, id)));
}

/* Is this the field that the form was refused for? Then the page's problem leads there. */
static bool put_wrong(struct page *p, struct str field, struct str anchor, const char *label,
                      json_t *view)
{
	const struct err *e = p->q->problem;
	json_t *shown = json_object_get(p->view, "problem");

	if (!e || !str_is(field, e->field))
		return false;
	json_set_str(view, "wrong", str_from(e->msg));
	json_set_str(shown, "anchor", anchor);
	json_set_str(shown, "label", str_from(label));
	return true;
}

/* A line of results that were refused shows again what was typed into it. */
static void put_typed(struct page *p, int64_t id, json_t *view)
{
	struct arena *a = p->c->arena;
	struct str status = line_name(p->c, "status", id), text = line_name(p->c, "reference", id);
	struct str typed = page_text(p->q, status.p), own = id_str(a, ID_PAYOUT, id);

	json_set_str(view, "typed", page_text(p->q, text.p));
	json_set_bool(view, "as_paid", str_is(typed, "paid"));
	json_set_bool(view, "as_failed", str_is(typed, "failed"));
	json_set_bool(view, "wrong_status",
	              put_wrong(p, status, arena_printf(a, "s-%.*s", STR_ARG(own)), "Result", view));
	json_set_bool(view, "wrong_reference",
	              put_wrong(p, text, arena_printf(a, "r-%.*s", STR_ARG(own)),
	                        "Reference or reason", view));
}

/* Lines to be paid and lines left out are two tables. */
static bool put_lines(struct page *p, const struct run_totals *t, bool skipped, const char *key)
{
	json_t *lines = json_array();
	struct list payouts;

	json_object_set_new(p->view, key, lines);
	if (!run_lines(p->c, t, skipped, LINES_MAX, &payouts))
		return false;
	for (size_t i = 0; i < payouts.count; i++) {
		const struct payout *x = (const struct payout *)payouts.items + i;
		json_t *o = page_row(p, &payout_model, x);

		json_set_bool(o, "waiting", x->status == PAYOUT_APPROVED);
		json_set_bool(o, "nowhere", x->recipient.n == 0);
		if (x->status == PAYOUT_APPROVED)
			put_typed(p, x->id, o);
		json_array_append_new(lines, o);
	}
	return names_put(p, lines);
}

static void put_progress(struct page *p, const struct run *run)
{
	static const char *const stages[] = { "Draft", "Approved", "Results", "Done" };
	int64_t at = run->status == RUN_DRAFT ? 0 : run->status == RUN_APPROVED ? 2 : 4;
	json_t *list = json_array();

	json_object_set_new(p->view, "progress", list);
	if (run->status == RUN_CANCELED)
		return;
	for (int64_t i = 0; i < (int64_t)LEN(stages); i++) {
		json_t *o = json_object();

		json_set_str(o, "text", str_from(stages[i]));
		json_set_str(o, "state", i < at ? STR("done") : i == at ? STR("now") : STR(""));
		json_set_str(o, "icon", i < at ? STR("circle-check") : i == at ? STR("clock")
		                                                             : STR("chevron-right"));
		json_array_append_new(list, o);
	}
}

bool run_web_show(struct ctx *c, const struct req *q, struct res *r)
{
	struct run_totals t;
	struct run run;
	struct page p;
	json_t *view;

	if (!named(c, q, &run) || !run_totals(c, run.id, &t) || !page_open(&p, c, q, r)
	    || !page_put(&p, "run", &run_model, &run) || !put_lines(&p, &t, false, "lines")
	    || !put_lines(&p, &t, true, "skipped"))
		return false;
	view = json_object_get(p.view, "run");
	put_totals(&p, &run, &t, view);
	put_progress(&p, &run);
	put_wrong(&p, STR("confirm"), STR("in-confirm"), "The total", view);
	json_set_str(view, "confirm", page_text(q, "confirm"));
	json_set_bool(view, "is_draft", run.status == RUN_DRAFT && c->actor.role >= ROLE_ADMIN);
	json_set_bool(view, "is_empty", t.count == 0);
	json_set_bool(view, "is_open", run.status == RUN_APPROVED && c->actor.role >= ROLE_ADMIN);
	json_set_bool(view, "can_export",
	              run_has_file(&run)
	                      && c->actor.role >= ROLE_ADMIN && c->actor.sees_personal_data);
	json_set_str(view, "plain_total", money_plain(c->arena, t.amount, currency_find(run.currency)));
	json_set_int(view, "not_shown", t.count > LINES_MAX ? t.count - LINES_MAX : 0);
	return page_show(&p, "app/payout_run.html", STR("Payout run"));
}

/* "1,234.50 USD", "1234.50" and "1 234.5" are the same amount. */
static bool confirmed(struct ctx *c, const struct req *q, const struct run *run)
{
	const struct currency *cur = currency_find(run->currency);
	struct str typed = page_text(q, "confirm");
	struct run_totals t;
	int64_t minor;
	struct buf b;

	if (!run_totals(c, run->id, &t))
		return false;
	buf_init(&b, c->arena);
	for (size_t i = 0; i < typed.n; i++)
		if ((typed.p[i] >= '0' && typed.p[i] <= '9') || typed.p[i] == '.')
			buf_char(&b, typed.p[i]);
	return (money_parse(buf_text(&b), cur, &minor) && minor == t.amount)
	    || fail(c, ERR_INVALID, "confirm", "Type the total of the run to confirm");
}

static bool step(struct ctx *c, const char *action, struct run *run,
                 bool (*change)(struct ctx *c, struct run *run))
{
	struct run before = *run;

	return change(c, run)
	    && (run->status == before.status || change_row(c, action, &run_model, &before, run));
}

bool run_web_approve(struct ctx *c, const struct req *q, struct res *r)
{
	struct run run;

	return named(c, q, &run)
	    && confirmed(c, q, &run)
	    && step(c, "payout_run.approve", &run, run_approve)
	    && done(c, q, r, &run, "run.approved");
}

bool run_web_cancel(struct ctx *c, const struct req *q, struct res *r)
{
	struct run run;

	return named(c, q, &run)
	    && step(c, "payout_run.cancel", &run, run_cancel)
	    && done(c, q, r, &run, "run.canceled");
}

bool run_web_export(struct ctx *c, const struct req *q, struct res *r)
{
	struct run run;

	return named(c, q, &run) && run_api_file(c, r, &run);
}

#define REFERENCE_MAX 140

static bool take_result(struct ctx *c, const struct req *q, struct payout *x, bool *out_taken)
{
	const char *status_name = line_name(c, "status", x->id).p;
	const char *reference_name = line_name(c, "reference", x->id).p;
	struct str status = page_text(q, status_name), reference = STR("");

	*out_taken = status.n > 0;
	if (x->status != PAYOUT_APPROVED)
		return true;
	if (!form_get_str(c, &q->form, reference_name, MAY(0, REFERENCE_MAX), &reference))
		return false;
	if (!*out_taken)
		return reference.n == 0
		    || fail(c, ERR_INVALID, status_name, "Say whether it was paid or failed");
	if (str_is(status, "paid"))
		return payout_paid(c, x, reference);
	if (str_is(status, "failed"))
		return payout_failed(c, x, reference.n ? reference : STR("Entered by hand as failed"));
	return fail(c, ERR_INVALID, status_name, "A result is paid or failed");
}

static bool take_results(struct ctx *c, const struct req *q, const struct list *payouts,
                         struct buf *log)
{
	bool taken;

	for (size_t i = 0; i < payouts->count; i++) {
		struct payout *x = (struct payout *)payouts->items + i;

		if (!take_result(c, q, x, &taken))
			return false;
		if (taken)
			buf_printf(log, "%s\"%.*s\":\"%s\"", log->n ? "," : "{",
			           STR_ARG(id_str(c->arena, ID_PAYOUT, x->id)),
			           payout_status_names[x->status]);
	}
	if (log->n)
		buf_char(log, '}');
	return true;
}

bool run_web_results(struct ctx *c, const struct req *q, struct res *r)
{
	struct list payouts;
	struct run run;
	struct buf log;

	buf_init(&log, c->arena);
	if (!named(c, q, &run) || !payout_of_run(c, run.id, &payouts)
	    || !take_results(c, q, &payouts, &log))
		return false;
	if (log.n == 0)
		return done(c, q, r, &run, "run.none");
	return run_finish(c, &run)
	    && change_post(c, "payout_run.results", id_str(c->arena, ID_RUN, run.id), buf_text(&log))
	    && done(c, q, r, &run, "run.results");
}
