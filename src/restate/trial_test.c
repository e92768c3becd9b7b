/* SPDX-License-Identifier: Apache-2.0 */
#include "restate/trial.h"

#include "calendar/true_up.h"
#include "ledger/balance.h"
#include "partner/partner.h"
#include "restate/sweep.h"
#include "verify/verify.h"
#include "whatif/whatif.h"

void trial_sell(struct ctx *c, int64_t partner_id, const char *id, int64_t amount)
{
	struct track t = { .type = EVENT_SALE, .external_id = str_from(id),
		           .partner_id = partner_id, .customer_id = str_from(id),
		           .amount = amount, .currency = STR("USD"), .source = STR("test") };
	struct recorded r;

	OK(event_record(c, &t, &r));
}

void trial_buy(struct ctx *c, int64_t partner_id, const char *id, const char *customer)
{
	struct track t = { .type = EVENT_SALE, .external_id = str_from(id),
		           .partner_id = partner_id, .customer_id = str_from(customer),
		           .amount = 10000, .currency = STR("USD"), .source = STR("test") };
	struct recorded r;

	OK(event_record(c, &t, &r));
}

void trial_lead(struct ctx *c, int64_t partner_id, const char *id, const char *address)
{
	struct track t = { .type = EVENT_LEAD, .external_id = str_from(id),
		           .partner_id = partner_id, .customer_id = str_from(id),
		           .customer_email = str_from(address), .source = STR("test") };
	struct recorded r;

	OK(event_record(c, &t, &r));
}

int64_t trial_recruit(struct ctx *c, const struct scene *scene)
{
	struct partner_new p = { .name = STR("Ann"), .email = STR("ann@example.com"), .status = -1,
		                 .campaign_id = scene->campaign_id,
		                 .parent_id = scene->partner_id };
	struct partner ann;

	OK(partner_enrol(c, &p, &ann));
	return ann.id;
}

void trial_eighty_days(struct ctx *c, const struct scene *scene)
{
	int64_t ann = trial_recruit(c, scene);

	for (int i = 0; i < 16; i++) {
		struct str id = arena_printf(c->arena, "s%d", i);
		struct track t = { .type = EVENT_SALE, .external_id = id,
			           .partner_id = i % 3 ? ann : scene->partner_id,
			           .customer_id = i % 2 ? STR("joe") : id,
			           .amount = 3000 + 777 * i, .currency = STR("USD"),
			           .source = STR("test") };
		struct recorded r;

		OK(event_record(c, &t, &r));
		c->now_ms += 5 * MS_PER_DAY;
		if (i % 4 == 1)
			trial_refund(c, arena_printf(c->arena, "r%d", i).p,
			             arena_printf(c->arena, "s%d", i - 1).p, i % 8 == 1 ? 0 : 500);
	}
	c->now_ms += 40 * MS_PER_DAY; /* all months are over */
}

static int64_t owed_to_all(struct ctx *c)
{
	static const struct sql sum = {
		.text = "SELECT CAST(COALESCE(SUM(pending + payable), 0) AS BIGINT) AS owed"
		        " FROM balance WHERE org_id = $1",
	};
	int64_t minor;

	OK(db_int(c, &sum, NO_ARGS, &minor));
	return minor;
}

void trial_foretold(struct ctx *c, const struct scene *scene, const char *const *documents)
{
	for (; *documents; documents++) {
		struct whatif_ask ask = { .campaign_id = scene->campaign_id,
			                  .terms = str_from(*documents) };
		struct whatif foretold;

		OK(whatif_run(c, &ask, &foretold));
		EQ(owed_to_all(c), whatif_cost(&foretold.old));
		trial_post(c, scene->campaign_id, *documents);
		EQ(owed_to_all(c), whatif_cost(&foretold.new));
		trial_proves(c);
	}
}

struct commission trial_commission(struct ctx *c, const char *sale)
{
	struct event e;
	struct list all;
	bool found;

	OK(event_find(c, EVENT_SALE, str_from(sale), &e, &found));
	OK(found);
	OK(commission_of_event(c, e.id, &all));
	OK(all.count > 0);
	return *(const struct commission *)all.items;
}

void trial_refund(struct ctx *c, const char *id, const char *sale, int64_t amount)
{
	struct recorded r;

	OK(scene_refund(c, id, sale, amount, &r));
}

void trial_work(struct ctx *c)
{
	bool more = true;

	while (more)
		OK(sweep_step(c, &more));
}

void trial_true_up(struct ctx *c, const char *at)
{
	bool more = true;

	OK(time_parse(str_from(at), &c->now_ms));
	while (more)
		OK(true_up_step(c, &more));
}

int64_t trial_true_ups(struct ctx *c)
{
	static const struct sql count = {
		.text = "SELECT COUNT(*) AS true_ups FROM event WHERE org_id = $1 AND type = 11",
	};
	int64_t n;

	OK(db_int(c, &count, NO_ARGS, &n));
	return n;
}

struct restatement trial_preview(struct ctx *c, int64_t campaign_id, const char *terms)
{
	struct restatement_new in = { .terms = str_from(terms), .reason = STR("as agreed") };
	struct restatement r;

	OK(restatement_create(c, campaign_id, &in, &r));
	trial_work(c);
	OK(restatement_get(c, r.id, &r));
	EQ(r.status, RESTATEMENT_PREVIEWED);
	return r;
}

struct restatement trial_post(struct ctx *c, int64_t campaign_id, const char *terms)
{
	struct restatement r = trial_preview(c, campaign_id, terms);

	OK(restatement_approve(c, &r));
	trial_work(c);
	OK(restatement_get(c, r.id, &r));
	EQ(r.status, RESTATEMENT_POSTED);
	return r;
}

struct line trial_line_of(struct ctx *c, const struct restatement *r, int64_t partner_id)
{
	struct list all;

	OK(line_list(c, r->id, &all));
	for (size_t i = 0; i < all.count; i++)
		if (((const struct line *)all.items)[i].partner_id == partner_id)
			return ((const struct line *)all.items)[i];
	return (struct line){ 0 };
}

int64_t trial_owed(struct ctx *c, int64_t partner_id)
{
	const struct balance *b;
	struct list all;

	OK(balance_list(c, partner_id, &all));
	b = all.items;
	return all.count > 0 ? b->pending + b->payable : 0;
}

int64_t trial_findings(struct ctx *c, struct str *out_said)
{
	struct verify_counts counts = { 0 };
	struct buf b;

	buf_init(&b, c->arena);
	OK(verify_org(c, &b, &counts));
	*out_said = buf_text(&b);
	return counts.findings;
}

void trial_proves(struct ctx *c)
{
	struct str said;

	trial_findings(c, &said);
	EQ_STR(said, "");
}
