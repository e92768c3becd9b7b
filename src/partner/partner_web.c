/* SPDX-License-Identifier: Apache-2.0 */
#include "partner/partner_web.h"
#include "base/check.h"
#include "base/clock.h"
#include "data/form.h"
#include "data/json.h"
#include "data/model_json.h"
#include "ledger/balance.h"
#include "org/zone.h"
#include "partner/partner.h"
#include "partner/partner_api.h"
#include "partner/partner_detail_web.h"
#include "partner/partner_step.h"
#include "report/report.h"
#include "user/invitation_web.h"
#include "web/inputs.h"
#include "web/listing.h"
#include "web/say.h"

static const struct listing_choice choices[] = {
	{ "status", "Status", partner_status_names, "partner" },
	{ "campaign", "Campaign", NULL, NULL },
};

static const struct input inputs[] = {
	{ "name", "Name", .required = true, .hint = "A person or a company." },
	{ "email", "E-mail address", .type = "email", .required = true,
	  .hint = "One partner per address. The same address joins one more campaign." },
	{ "campaign", "Campaign", .kind = INPUT_SELECT, .options = "campaigns", .required = true },
	{ "country", "Country", .hint = "Two letters, like DE.", .look = "short" },
	{ "parent", "Upline partner", .options = "partners",
	  .hint = "The id of the partner who recruited this one." },
	{ "external_id", "Your own id", .hint = "What your systems call this partner." },
	{ "payout_account", "Payout account",
	  .hint = "Where the money goes: an IBAN, a PayPal address." },
	{ "status", "Status", .kind = INPUT_SELECT, .names = partner_status_names,
	  .none = "As the campaign says" },
};

static const struct input edit_inputs[] = {
	{ "name", "Name", .required = true },
	{ "email", "E-mail address", .type = "email", .required = true },
	{ "country", "Country", .hint = "Two letters, like DE.", .look = "short" },
	{ "parent", "Upline partner", .options = "partners",
	  .hint = "The id of the partner above this one. Another one"
	  " is a move: sales before it keep the partners above of their time." },
	{ "parent_from", "From when",
	  .hint = "When a move counts, like 2026-12-01; empty: at once. Not in the past." },
	{ "external_id", "Your own id" },
	{ "payout_account", "Payout account",
	  .hint = "Where the money goes: an IBAN, a PayPal address. Payouts already made keep theirs." },
};

static const struct input why[] = {
	{ "note", "Why?", .kind = INPUT_AREA, .hint = "Kept in the audit log." },
};

static bool put_owed(struct page *p, int64_t partner_id, struct fx_sum *s, json_t *view)
{
	struct say_part *parts;
	struct list balances;
	struct str text;

	if (!balance_list(p->c, partner_id, &balances))
		return false;
	if (balances.count == 0)
		return true;
	parts = ARENA_ARRAY(p->c->arena, struct say_part, balances.count);
	for (size_t i = 0; i < balances.count; i++) {
		const struct balance *b = (const struct balance *)balances.items + i;

		parts[i] = (struct say_part){ b->currency, b->payable };
	}
	if (!say_sum(p, s, parts, balances.count, &text))
		return false;
	json_set_str(view, "owed", text);
	return true;
}

static bool put_brought(struct page *p, int64_t partner_id, struct fx_sum *s, json_t *view)
{
	struct say_part *parts;
	struct rows brought;
	struct str text;

	if (!report_partner(p->c, partner_id, &brought))
		return false;
	if (brought.count == 0)
		return true;
	parts = ARENA_ARRAY(p->c->arena, struct say_part, brought.count);
	for (size_t i = 0; i < brought.count; i++)
		parts[i] = (struct say_part){ rows_str(&brought, i, 0), rows_int(&brought, i, 1) };
	if (!say_sum(p, s, parts, brought.count, &text))
		return false;
	json_set_str(view, "revenue", text);
	return true;
}

/* What they brought and what they are owed, in one currency as far as there are rates. */
static bool put_figures(struct page *p, const void *row, json_t *view)
{
	int64_t id = ((const struct partner *)row)->id;
	struct fx_sum s;

	json_set_str(view, "revenue", STR(""));
	json_set_str(view, "owed", STR(""));
	if (!p->c->actor.sees_money)
		return true;
	fx_sum_begin(p->c, &s, p->org.currency);
	if (!put_brought(p, id, &s, view) || !put_owed(p, id, &s, view))
		return false;
	if (s.day != 0)
		json_set_str(view, "converted", say_date(p, s.day * MS_PER_DAY + MS_PER_DAY / 2));
	return true;
}

bool partner_web_list(struct ctx *c, const struct req *q, struct res *r)
{
	const struct listing l = { .spec = &partner_list_spec, .choices = choices,
	                           .choice_count = LEN(choices), .row = put_figures };
	struct page p;

	return page_open(&p, c, q, r)
	    && listing_put(&p, "list", &l)
	    && page_show(&p, "app/partners.html", STR("Partners"));
}

bool partner_web_csv(struct ctx *c, const struct req *q, struct res *r)
{
	return listing_csv(c, q, r, &partner_list_spec, "partners");
}

bool partner_web_new(struct ctx *c, const struct req *q, struct res *r)
{
	json_t *campaigns;
	struct page p;

	if (!page_open(&p, c, q, r)
	    || !listing_campaigns(&p, form_get(&q->query, "campaign"), &campaigns)
	    || !listing_partners(&p))
		return false;
	json_object_set_new(p.view, "campaigns", campaigns);
	inputs_put(&p, "form", &(struct inputs){ inputs, LEN(inputs), NULL });
	return page_show(&p, "app/partner_new.html", STR("Add a partner"));
}

static bool done(struct ctx *c, const struct req *q, struct res *r, int64_t id, const char *flash)
{
	return page_done(c, q, r, arena_printf(c->arena, "/partners/%.*s",
	                                       STR_ARG(id_str(c->arena, ID_PARTNER, id))),
	                 flash);
}

bool partner_web_create(struct ctx *c, const struct req *q, struct res *r)
{
	struct partner_new in = { .status = -1 };
	struct partner p;
	json_t *body;

	return page_new(c, q, &partner_new_model, &body)
	    && model_read(c, &partner_new_model, body, &in, true)
	    && partner_enrol(c, &in, &p)
	    && done(c, q, r, p.id, "partner.created");
}

static bool named(struct ctx *c, const struct req *q, struct partner *out)
{
	int64_t id;

	return page_arg_id(c, q, ID_PARTNER, &id)
	    && partner_get(c, id, out);
}

static struct str action_of(const struct page *p, int64_t id, const char *step)
{
	return arena_printf(p->c->arena, "/partners/%.*s/%s",
	                    STR_ARG(id_str(p->c->arena, ID_PARTNER, id)), step);
}

/* The forms of steps that ask why. */
static void put_why(struct page *p, int64_t id)
{
	static const char *const names[] = { "decline", "suspend", "ban" };

	for (size_t i = 0; i < LEN(names); i++)
		inputs_put(p, names[i], &(struct inputs){ why, LEN(why), NULL,
		                                          action_of(p, id, names[i]) });
}

bool partner_web_show(struct ctx *c, const struct req *q, struct res *r)
{
	struct partner partner;
	struct page p;

	if (!named(c, q, &partner) || !page_open(&p, c, q, r)
	    || !page_put(&p, "partner", &partner_model, &partner)
	    || !partner_detail_put(&p, &partner) || !invitation_web_put_partner(&p, &partner))
		return false;
	put_why(&p, partner.id);
	return page_show(&p, "app/partner.html", partner.name);
}

bool partner_web_edit(struct ctx *c, const struct req *q, struct res *r)
{
	struct partner partner;
	struct page p;

	if (!named(c, q, &partner) || !page_open(&p, c, q, r)
	    || !page_put(&p, "partner", &partner_model, &partner) || !listing_partners(&p))
		return false;
	/* The field is for the next move: when the last one counted is told on the partner's page. */
	json_object_del(json_object_get(p.view, "partner"), "parent_from");
	inputs_put(&p, "form", &(struct inputs){ edit_inputs, LEN(edit_inputs),
	                                         json_object_get(p.view, "partner") });
	return page_show(&p, "app/partner_edit.html", partner.name);
}

/* A plain day begins at midnight of the organisation's time zone. */
static bool day_begins(struct ctx *c, json_t *body, const char *key)
{
	struct str text = json_text(json_object_get(body, key)), zone;
	char begins[CLOCK_TEXT_MAX];
	struct date day;

	if (!date_parse(text, &day))
		return true;
	if (!org_timezone(c, &zone))
		return false;
	time_format(zone_day_start_ms(zone, day), begins);
	json_set_str(body, key, str_from(begins));
	return true;
}

bool partner_web_save(struct ctx *c, const struct req *q, struct res *r)
{
	struct partner before, after;
	json_t *body;

	if (!named(c, q, &before) || !form_json(c, &q->form, &partner_model, &body))
		return false;
	after = before;
	after.parent_from = 0;
	return day_begins(c, body, "parent_from")
	    && model_read(c, &partner_model, body, &after, false)
	    && partner_update(c, &before, &after)
	    && done(c, q, r, before.id, "partner.saved");
}

static const struct {
	const char *name, *flash;
	enum partner_step_kind kind;
} steps[] = {
	{ "approve", "partner.approved", PARTNER_APPROVE },
	{ "decline", "partner.declined", PARTNER_DECLINE },
	{ "suspend", "partner.suspended", PARTNER_SUSPEND },
	{ "ban", "partner.banned", PARTNER_BAN },
	{ "reinstate", "partner.reinstated", PARTNER_REINSTATE },
};

bool partner_web_step(struct ctx *c, const struct req *q, struct res *r)
{
	struct partner_step step = { 0 };
	struct partner p;
	json_t *body;
	size_t i = 0;

	CHECK(q->arg_count == 3);
	while (i < LEN(steps) && !str_is(q->args[2], steps[i].name))
		i++;
	if (i == LEN(steps))
		return fail(c, ERR_NOT_FOUND, NULL, "There is no such step");
	return named(c, q, &p)
	    && form_json(c, &q->form, &partner_step_model, &body)
	    && model_read(c, &partner_step_model, body, &step, true)
	    && partner_take_step(c, steps[i].kind, p.id, &step)
	    && done(c, q, r, p.id, steps[i].flash);
}
