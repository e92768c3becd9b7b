/* SPDX-License-Identifier: Apache-2.0 */
#include "event/reversal.h"

#include "commission/commission.h"
#include "deal/deal_step.h"
#include "event/scene.h"
#include "ledger/balance.h"
#include "rules/dispute.h"
#include "rules/input.h"
#include "verify/verify.h"

/* What is not a sale: deals, projects, leads, referrals. */

#define TERMS(clawback) \
	"{\"trigger\":\"deal_closed\",\"reward\":{\"type\":\"percentage\",\"value\":\"20\"}," \
	"\"rewards\":[{\"if\":{\"event\":\"project_delivered\"}," \
	"\"reward\":{\"type\":\"fixed\",\"amount\":50000}}," \
	"{\"if\":{\"event\":\"lead\"},\"reward\":{\"type\":\"fixed\",\"amount\":500}}]," \
	"\"tiers\":{\"by\":\"projects\",\"steps\":[{\"from\":2," \
	"\"reward\":{\"type\":\"percentage\",\"value\":\"30\"}}]}," \
	"\"clawback\":{" clawback "}}"
#define FULL TERMS("\"window_days\":90")
#define PRORATED TERMS("\"window_days\":90,\"on_refund\":\"prorated\"")

static bool happens(struct ctx *c, const struct scene *s, enum event_type type, const char *id,
                    struct recorded *out)
{
	struct track t = { .type = type,
		           .external_id = str_from(id),
		           .partner_id = s->partner_id,
		           .customer_id = type == EVENT_LEAD ? STR("cus") : STR(""),
		           .source = STR("test") };

	return event_record(c, &t, out);
}

/* A refund (dispute_state < 0) or a dispute; no amount is said where it is 0. */
struct notice {
	const char *id;
	enum event_type of_type;
	struct str of_id;
	int64_t amount, state, at;
};

static bool tell(struct ctx *c, const struct notice *n, struct recorded *out)
{
	struct track t = { .type = n->state < 0 ? EVENT_REFUND : EVENT_DISPUTE,
		           .external_id = str_from(n->id),
		           .of_type = n->of_type == EVENT_SALE ? 0 : n->of_type,
		           .of_id = n->of_id,
		           .amount = n->amount,
		           .amount_given = n->amount > 0,
		           .dispute_state = n->state < 0 ? 0 : n->state,
		           .occurred_at = n->at,
		           .source = STR("test") };

	return event_record(c, &t, out);
}

static struct commission only(struct ctx *c, enum event_type type, struct str id)
{
	struct event e;
	struct list all;
	bool found;

	OK(event_find(c, type, id, &e, &found) && found);
	OK(commission_of_event(c, e.id, &all));
	EQ(all.count, 1);
	return *(const struct commission *)all.items;
}

static void audit(struct ctx *c, const char *says)
{
	struct verify_counts counts = { 0 };
	struct buf said;

	buf_init(&said, c->arena);
	OK(verify_org(c, &said, &counts));
	if (*says)
		OK(strstr(buf_text(&said).n ? said.p : "", says) != NULL);
	else
		EQ_STR(buf_text(&said), "");
}

/* A deal of 90.00 that was won; its event's id. */
static struct str won_deal(struct ctx *c, const struct scene *s)
{
	struct deal_new in = { .campaign_id = s->campaign_id, .partner_id = s->partner_id,
		               .company = STR("Acme"), .domain = STR("acme.example"),
		               .amount = 9000 };
	struct deal_step step = { .note = STR("") };
	struct deal d;

	OK(deal_register(c, &in, &d) && deal_win(c, &d, &step));
	return arena_printf(c->arena, "deal/%.*s", STR_ARG(id_str(c->arena, ID_DEAL, d.id)));
}

STORE_TEST(a_won_deal_is_refunded_in_parts_and_never_more_than_it_was)
{
	struct scene scene;
	struct recorded r;

	OK(scene_open(c, s, &scene, FULL));
	struct notice n = { "r1", EVENT_DEAL_CLOSED, won_deal(c, &scene), 3000, -1, 0 };

	OK(tell(c, &n, &r));
	EQ(only(c, EVENT_DEAL_CLOSED, n.of_id).reversed, 600);
	OK(tell(c, &n, &r) && r.replayed);
	n.id = "r2";
	n.amount = 6001;
	NO(tell(c, &n, &r));
	EQ_STR(c->err.msg, "only 60.00 USD of this deal is left to refund");
	fail_clear(c);
	n.amount = 0;
	OK(tell(c, &n, &r));
	EQ(r.event.amount, 6000);
	EQ(only(c, EVENT_DEAL_CLOSED, n.of_id).reversed, 1800);
	audit(c, "");
	OK(scene_close(c, s));
}

STORE_TEST(what_has_no_amount_is_taken_back_wholly)
{
	struct notice n = { "r1", EVENT_PROJECT_DELIVERED, STR("p1"), 100, -1, 0 };
	struct scene scene;
	struct recorded r;

	OK(scene_open(c, s, &scene, FULL));
	OK(happens(c, &scene, EVENT_PROJECT_DELIVERED, "p1", &r));
	FAILS(tell(c, &n, &r), ERR_INVALID, "amount");
	n.amount = 0;
	OK(tell(c, &n, &r));
	EQ(r.event.amount, -1);
	EQ(only(c, EVENT_PROJECT_DELIVERED, n.of_id).reversed, 50000);
	n.id = "r2";
	OK(tell(c, &n, &r));
	EQ(only(c, EVENT_PROJECT_DELIVERED, n.of_id).reversed, 50000);
	n = (struct notice){ "d", EVENT_PROJECT_DELIVERED, STR("p1"), 0, DISPUTE_LOST, 0 };
	OK(tell(c, &n, &r));
	EQ(only(c, EVENT_PROJECT_DELIVERED, n.of_id).reversed, 50000);
	audit(c, "");
	OK(scene_close(c, s));
}

STORE_TEST(a_project_that_was_taken_back_counts_for_no_tier)
{
	struct notice n = { "r1", EVENT_PROJECT_DELIVERED, STR("p1"), 0, -1, 0 };
	struct scene scene;
	struct recorded r;

	OK(scene_open(c, s, &scene, FULL));
	OK(happens(c, &scene, EVENT_PROJECT_DELIVERED, "p1", &r));
	OK(happens(c, &scene, EVENT_PROJECT_DELIVERED, "p2", &r));
	OK(tell(c, &n, &r));
	EQ(only(c, EVENT_DEAL_CLOSED, won_deal(c, &scene)).amount, 1800);
	OK(happens(c, &scene, EVENT_PROJECT_DELIVERED, "p3", &r));
	audit(c, "");
	OK(scene_close(c, s));
}

STORE_TEST(what_was_told_first_waits_for_the_event_of_its_type)
{
	struct notice early = { "r1", EVENT_LEAD, STR("x"), 0, -1, 0 };
	struct notice opened = { "d", EVENT_LEAD, STR("y"), 0, DISPUTE_OPEN, 0 };
	struct scene scene;
	struct recorded r;

	OK(scene_open(c, s, &scene, FULL));
	OK(tell(c, &early, &r) && tell(c, &opened, &r));
	EQ(r.event.related_id, 0);
	OK(happens(c, &scene, EVENT_PROJECT_DELIVERED, "x", &r));
	EQ(only(c, EVENT_PROJECT_DELIVERED, STR("x")).reversed, 0);
	OK(happens(c, &scene, EVENT_LEAD, "x", &r));
	EQ(only(c, EVENT_LEAD, STR("x")).reversed, 500);
	audit(c, "");
	OK(scene_close(c, s));
}

/* It could not know that there is no amount. */
STORE_TEST(a_refund_that_waited_with_an_amount_takes_all_of_what_has_none)
{
	struct notice early = { "r1", EVENT_PROJECT_DELIVERED, STR("p1"), 700, -1, 0 };
	struct scene scene;
	struct recorded r;

	OK(scene_open(c, s, &scene, FULL));
	OK(tell(c, &early, &r));
	OK(happens(c, &scene, EVENT_PROJECT_DELIVERED, "p1", &r));
	EQ(only(c, EVENT_PROJECT_DELIVERED, STR("p1")).reversed, 50000);
	audit(c, "");
	OK(scene_close(c, s));
}

STORE_TEST(what_never_has_an_amount_is_refused_with_one_before_it_is_known)
{
	struct notice n = { "r1", EVENT_LEAD, STR("x"), 700, -1, 0 };
	struct scene scene;
	struct recorded r;

	OK(scene_open(c, s, &scene, FULL));
	NO(tell(c, &n, &r));
	EQ_STR(c->err.msg, "a lead has none: leave it out to take back all of it");
	fail_clear(c);
	OK(scene_close(c, s));
}

STORE_TEST(part_of_a_bounty_comes_back_by_the_days_that_were_to_come)
{
	struct notice n = { "r1", EVENT_LEAD, STR("x"), 0, -1, 0 };
	struct scene scene;
	struct recorded r;

	OK(scene_open(c, s, &scene, PRORATED));
	OK(happens(c, &scene, EVENT_LEAD, "x", &r));
	n.at = r.event.occurred_at + 30 * MS_PER_DAY;
	OK(tell(c, &n, &r));
	EQ(only(c, EVENT_LEAD, STR("x")).reversed, 333);
	OK(strstr(r.answer.p, "-3.33 USD: its event was taken back") != NULL);
	audit(c, "");
	OK(scene_close(c, s));
}

static const struct sql SQL_FORGE = {
	.text = "UPDATE sale_refund SET amount = 0 WHERE org_id = $1",
};

STORE_TEST(the_audit_finds_a_refund_that_did_not_take_all_of_what_has_no_amount)
{
	struct notice n = { "r1", EVENT_LEAD, STR("x"), 0, -1, 0 };
	struct scene scene;
	struct recorded r;

	OK(scene_open(c, s, &scene, FULL));
	OK(happens(c, &scene, EVENT_LEAD, "x", &r) && tell(c, &n, &r));
	audit(c, "");
	OK(db_exec(c, &SQL_FORGE, NO_ARGS));
	audit(c, "the refund was not applied to its sale as it says");
	OK(scene_close(c, s));
}

STORE_TEST(what_nobody_was_credited_with_is_taken_back_without_a_word_about_money)
{
	struct notice n = { "r1", EVENT_LEAD, STR("x"), 0, -1, 0 };
	struct scene nobody = { 0 }, scene;
	struct recorded r;

	OK(scene_open(c, s, &scene, FULL));
	OK(happens(c, &nobody, EVENT_LEAD, "x", &r) && tell(c, &n, &r));
	n.id = "r2";
	OK(tell(c, &n, &r));
	audit(c, "");
	OK(scene_close(c, s));
}
