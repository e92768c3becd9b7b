/* SPDX-License-Identifier: Apache-2.0 */
#include "deal/deal_web.h"

#include "base/check.h"
#include "base/money.h"
#include "customer/account.h"
#include "data/form.h"
#include "data/json.h"
#include "data/model_json.h"
#include "deal/deal.h"
#include "deal/deal_api.h"
#include "deal/deal_history.h"
#include "deal/deal_step.h"
#include "web/badge.h"
#include "web/inputs.h"
#include "web/listing.h"
#include "web/names.h"
#include "web/say.h"

static const struct listing_choice choices[] = {
	{ "stage", "Stage", deal_stage_names, "deal" },
	{ "campaign", "Campaign", NULL, NULL },
};

static const struct input new_inputs[] = {
	{ "partner", "Partner", .options = "partners", .required = true,
	  .hint = "Its id, prt_…; the newest partners are offered by name." },
	{ "campaign", "Campaign", .kind = INPUT_SELECT, .options = "campaigns", .required = true },
	{ "company", "Company", .required = true, .hint = "The customer to be won." },
	{ "domain", "Domain", .hint = "Of the company, like acme.com. Everybody with an address there"
	                              " is of this account." },
	{ "email", "E-mail address", .type = "email",
	  .hint = "Of somebody there; needed where there is no domain." },
	{ "customer", "Your id of the customer", .hint = "If it has one already." },
	{ "amount.money", "Expected amount", .look = "short" },
	{ "currency", "Currency", .look = "short", .hint = "Empty: the campaign's." },
	{ "note", "Note", .kind = INPUT_AREA, .hint = "The partner reads it." },
	{ "shares", "Shared with", .kind = INPUT_AREA,
	  .hint = "Further partners of a joint deal, one a line: an id and a percent, like"
	          " prt_0000000000001 40. What is left is the first partner's." },
};

/* The last two only for those who may see money. */
static const struct input edit_inputs[] = {
	{ "company", "Company", .required = true },
	{ "customer", "Your id of the customer" },
	{ "note", "Note", .kind = INPUT_AREA, .hint = "The partner reads it." },
	{ "amount.money", "Expected amount", .look = "short" },
	{ "currency", "Currency", .look = "short" },
};

static const struct input may_note[] = {
	{ "note", "Why?", .kind = INPUT_AREA, .hint = "The partner reads it." },
};

static const struct input must_note[] = {
	{ "note", "Why?", .kind = INPUT_AREA, .required = true, .hint = "The partner reads it." },
};

static const struct input extend_inputs[] = {
	{ "days", "Days", .required = true, .look = "short",
	  .hint = "From the end of the protection or, when it is over, from now." },
	{ "note", "Why?", .kind = INPUT_AREA, .required = true, .hint = "The partner reads it." },
};

static const struct input win_inputs[] = {
	{ "amount.money", "Amount", .look = "short", .hint = "Empty: what was expected." },
	{ "currency", "Currency", .look = "short" },
	{ "customer", "Your id of the customer", .hint = "So that what it buys from now on is known"
	                                                 " to be the partner's." },
	{ "occurred_at", "When", .look = "short",
	  .hint = "Like 2026-12-01; empty: now. It must lie inside the protection." },
};

/* A step and its form. */
static const struct step {
	const char *name, *flash;
	bool (*take)(struct ctx *c, struct deal *d, const struct deal_step *step);
	const struct model *model;
	const struct input *inputs;
	size_t count;
} steps[] = {
	{ "approve", "deal.approved", deal_approve, &deal_note_model, may_note, LEN(may_note) },
	{ "decline", "deal.declined", deal_decline, &deal_reason_model, must_note, LEN(must_note) },
	{ "extend", "deal.extended", deal_extend, &deal_extend_model, extend_inputs,
	  LEN(extend_inputs) },
	{ "win", "deal.won", deal_win, &deal_win_model, win_inputs, LEN(win_inputs) },
	{ "lose", "deal.lost", deal_lose, &deal_note_model, may_note, LEN(may_note) },
};

static bool put_joint(struct page *p, const void *row, json_t *view)
{
	(void)p;
	json_set_bool(view, "joint", ((const struct deal *)row)->partner_count > 1);
	return true;
}

bool deal_web_list(struct ctx *c, const struct req *q, struct res *r)
{
	const struct listing l = { .spec = &deal_list_spec, .choices = choices,
	                           .choice_count = LEN(choices), .row = put_joint };
	struct page p;

	return page_open(&p, c, q, r)
	    && listing_put(&p, "list", &l)
	    && page_show(&p, "app/deals.html", STR("Deals"));
}

bool deal_web_csv(struct ctx *c, const struct req *q, struct res *r)
{
	return listing_csv(c, q, r, &deal_list_spec, "deals");
}

bool deal_web_new(struct ctx *c, const struct req *q, struct res *r)
{
	json_t *values = json_own(c->arena, json_object()), *campaigns;
	struct page p;

	account_wake(c);
	if (!page_open(&p, c, q, r)
	    || !listing_campaigns(&p, form_get(&q->query, "campaign"), &campaigns)
	    || !listing_partners(&p))
		return false;
	json_object_set_new(p.view, "campaigns", campaigns);
	json_set_str(values, "partner", form_get(&q->query, "partner"));
	inputs_put(&p, "form", &(struct inputs){ new_inputs, LEN(new_inputs), values });
	return page_show(&p, "app/deal_new.html", STR("Register a deal"));
}

static bool done(struct ctx *c, const struct req *q, struct res *r, int64_t id, const char *flash)
{
	return page_done(c, q, r, arena_printf(c->arena, "/deals/%.*s",
	                                       STR_ARG(id_str(c->arena, ID_DEAL, id))),
	                 flash);
}

bool deal_web_create(struct ctx *c, const struct req *q, struct res *r)
{
	static const char *const flashes[] = {
		[DEAL_REGISTERED] = "deal.registered",
		[DEAL_REVIEW] = "deal.submitted",
		[DEAL_DECLINED] = "deal.refused",
	};
	struct deal_new in = { 0 };
	struct deal d;
	json_t *body;

	return page_new(c, q, &deal_new_model, &body)
	    && model_read(c, &deal_new_model, body, &in, true)
	    && deal_share_read_lines(c, form_get(&q->form, "shares"), in.partner_id, &in.shares)
	    && deal_register(c, &in, &d)
	    && done(c, q, r, d.id, flashes[d.stage]);
}

/* ---- One deal. */

static bool named(struct ctx *c, const struct req *q, struct deal *out)
{
	int64_t id;

	return page_arg_id(c, q, ID_DEAL, &id)
	    && deal_get(c, id, out);
}

static struct str action_of(const struct page *p, const struct deal *d, const char *step)
{
	return arena_printf(p->c->arena, "/deals/%.*s%s%s",
	                    STR_ARG(id_str(p->c->arena, ID_DEAL, d->id)), *step ? "/" : "", step);
}

/* What forms about the deal show at first; the caller owns it. */
static json_t *values_of(const struct page *p, const struct deal *d)
{
	const struct currency *cur = currency_find(d->currency);
	json_t *o = json_object();

	json_set_str(o, "company", d->company);
	json_set_str(o, "customer", d->customer);
	json_set_str(o, "currency", d->currency);
	json_set_str(o, "note", d->note);
	if (d->amount != 0 && cur)
		json_set_str(o, "amount.money", money_plain(p->c->arena, d->amount, cur));
	return json_own(p->c->arena, o);
}

static void put_steps(struct page *p, const struct deal *d)
{
	json_t *can = json_object(), *win = json_own(p->c->arena, json_object());

	json_object_set_new(p->view, "steps", can);
	json_set_str(win, "currency", d->currency);
	json_set_str(win, "customer", d->customer);
	for (size_t i = 0; i < LEN(steps); i++) {
		json_set_bool(can, steps[i].name, deal_can(d->stage, steps[i].take));
		inputs_put(p, steps[i].name,
		           &(struct inputs){ steps[i].inputs, steps[i].count,
		                             steps[i].take == deal_win ? win : NULL,
		                             action_of(p, d, steps[i].name) });
	}
	inputs_put(p, "edit",
	           &(struct inputs){ edit_inputs,
	                             LEN(edit_inputs) - (p->c->actor.sees_money ? 0 : 2),
	                             values_of(p, d), action_of(p, d, "") });
}

static bool put_history(struct page *p, const struct deal *d)
{
	json_t *list = json_array();
	struct list all;

	json_object_set_new(p->view, "trail", list);
	if (!deal_history_list(p->c, d->id, &all))
		return false;
	for (size_t i = all.count; i-- > 0;) {
		const struct deal_history *h = (const struct deal_history *)all.items + i;
		json_t *o = model_view(p->c, &deal_history_model, h);

		json_object_set_new(o, "badge",
		                    badge_view(STR("deal"), str_from(deal_stage_names[h->stage])));
		json_array_append_new(list, o);
	}
	return true;
}

/* Of a joint deal, each partner with its percent. */
static bool put_shares(struct page *p, const struct deal *d, json_t *view)
{
	struct deal_shares shares;
	json_t *list = json_array();

	json_object_set_new(view, "shares", list);
	if (d->partner_count < 2)
		return true;
	if (!deal_share_list(p->c, d, &shares))
		return false;
	for (size_t i = 0; i < shares.count; i++) {
		json_t *o = json_object();

		json_set_id(o, "partner", ID_PARTNER, shares.all[i].partner_id);
		json_set_str(o, "percent", percent_text(p->c->arena, shares.all[i].share_ppm));
		json_array_append_new(list, o);
	}
	return names_put(p, list);
}

static bool put_deal(struct page *p, const struct deal *d)
{
	json_t *o;

	if (!page_put(p, "deal", &deal_model, d))
		return false;
	o = json_object_get(p->view, "deal");
	json_set_bool(o, "joint", d->partner_count > 1);
	json_set_bool(o, "protected", deal_is_protected(p->c, d));
	json_set_bool(o, "expired", d->stage == DEAL_EXPIRED);
	json_set_bool(o, "waits", d->stage == DEAL_REVIEW);
	json_set_bool(o, "declined", d->stage == DEAL_DECLINED);
	json_set_bool(o, "won", d->stage == DEAL_WON);
	return put_shares(p, d, o)
	    && names_put(p, o);
}

bool deal_web_show(struct ctx *c, const struct req *q, struct res *r)
{
	struct deal d;
	struct page p;

	if (!named(c, q, &d) || !page_open(&p, c, q, r) || !put_deal(&p, &d)
	    || !put_history(&p, &d))
		return false;
	put_steps(&p, &d);
	return page_show(&p, "app/deal.html", d.company);
}

bool deal_web_save(struct ctx *c, const struct req *q, struct res *r)
{
	struct deal before, after;
	json_t *body;

	if (!named(c, q, &before) || !form_json(c, &q->form, &deal_model, &body))
		return false;
	after = before;
	return model_read(c, &deal_model, body, &after, false)
	    && deal_update(c, &before, &after)
	    && done(c, q, r, before.id, "deal.saved");
}

bool deal_web_step(struct ctx *c, const struct req *q, struct res *r)
{
	struct deal_step step = { 0 };
	struct deal d;
	json_t *body;
	size_t i = 0;

	CHECK(q->arg_count == 3);
	while (i < LEN(steps) && !str_is(q->args[2], steps[i].name))
		i++;
	if (i == LEN(steps))
		return fail(c, ERR_NOT_FOUND, NULL, "There is no such step");
	return named(c, q, &d)
	    && form_json(c, &q->form, steps[i].model, &body)
	    && model_read(c, steps[i].model, body, &step, true)
	    && steps[i].take(c, &d, &step)
	    && done(c, q, r, d.id, steps[i].flash);
}
