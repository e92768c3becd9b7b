/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/verify.h"

#include "api/call.h"
#include "event/scene.h"
#include "fx/fx_rate.h"
#include "partner/enrolment.h"
#include "partner/partner.h"

#define TERMS \
	"{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\",\"value\":\"20\"},\"hold_days\":30," \
	"\"tiers\":{\"by\":\"revenue\",\"period\":\"month\",\"steps\":[{\"from\":50000," \
	"\"reward\":{\"type\":\"percentage\",\"value\":\"25\"}}]}," \
	"\"chain\":{\"mode\":\"on_top\",\"compute\":\"flat\",\"levels\":[{\"percent\":\"10\"}]}," \
	"\"caps\":[{\"scope\":\"partner\",\"period\":\"month\",\"amount\":30000}," \
	"{\"scope\":\"customer\",\"amount\":20000}," \
	"{\"scope\":\"campaign\",\"period\":\"year\",\"amount\":90000}]}"

static int64_t findings(struct ctx *c, struct str *out_said)
{
	struct verify_counts counts = { 0 };
	struct buf b;

	buf_init(&b, c->arena);
	OK(verify_org(c, &b, &counts));
	*out_said = buf_text(&b);
	return counts.findings;
}

static void sell(struct ctx *c, int64_t partner_id, const char *id, const char *customer,
                 int64_t amount)
{
	struct track t = { .type = EVENT_SALE,
		           .external_id = str_from(id),
		           .partner_id = partner_id,
		           .customer_id = str_from(customer),
		           .amount = amount,
		           .tax = amount / 10,
		           .currency = STR("USD"),
		           .source = STR("test") };
	struct recorded r;

	OK(event_record(c, &t, &r));
}

static void refund(struct ctx *c, const char *id, const char *sale, int64_t amount)
{
	struct recorded r;

	OK(scene_refund(c, id, sale, amount, &r));
}

/* Somebody below the scene's partner sells, over all tiers and caps, in three months. */
static void busy(struct ctx *c, struct store *s, struct scene *scene)
{
	struct partner_new p = { .name = STR("Ann"), .email = STR("ann@example.com"),
		                 .status = -1 };
	struct partner_override own = { .reward = STR("{\"type\":\"percentage\",\"value\":\"35\"}"),
		                        .recurring_months = OVERRIDE_RECURRING_UNSET };
	struct enrolment enrolment;
	struct partner ann;

	OK(scene_open(c, s, scene, TERMS));
	p.campaign_id = own.campaign_id = scene->campaign_id;
	p.parent_id = scene->partner_id;
	OK(partner_enrol(c, &p, &ann));
	refund(c, "r0", "a1", 1100);
	for (int month = 0; month < 3; month++) {
		const char *ids[3][4] = { { "a1", "a2", "a3", "a4" }, { "b1", "b2", "b3", "b4" },
			                  { "c1", "c2", "c3", "c4" } };

		sell(c, ann.id, ids[month][0], "eve", 44000);
		sell(c, ann.id, ids[month][1], "eve", 33000);
		sell(c, ann.id, ids[month][2], "zoe", 99000);
		sell(c, scene->partner_id, ids[month][3], "ida", 55000);
		refund(c, ids[month][3], ids[month][0], 0);
		refund(c, ids[month][2], ids[month][1], 7777);
		c->now_ms += 31 * MS_PER_DAY;
		if (month == 1)
			OK(enrolment_set_override(c, ann.id, &own, &enrolment));
	}
	sell(c, 0, "nobody", "tom", 1000);
}

STORE_TEST(true_books_with_tiers_caps_chains_refunds_and_overrides_have_no_findings)
{
	struct scene scene;
	struct str said;

	busy(c, s, &scene);
	findings(c, &said);
	EQ_STR(said, "");
	OK(scene_close(c, s));
}

/* In a reading transaction both halves run side by side, where the database allows it. */
STORE_TEST(both_halves_of_the_audit_report)
{
	static const struct sql falsify[] = {
		{ .text = "UPDATE standing SET revenue = revenue + 1 WHERE org_id = $1" },
		{ .text = "UPDATE balance SET payable = payable + 1 WHERE org_id = $1" },
	};
	struct verify_counts counts = { 0 };
	struct scene scene;
	struct buf said;

	busy(c, s, &scene);
	for (size_t i = 0; i < LEN(falsify); i++)
		OK(db_exec(c, &falsify[i], NO_ARGS));
	OK(scene_close(c, s));
	buf_init(&said, c->arena);
	OK(fixture_read(c, s, 1));
	OK(store_begin(s, c, 0, STORE_READ) != NULL);
	OK(verify_org(c, &said, &counts));
	EQ(counts.findings, 8);
	EQ(counts.events, 20);
	OK(counts.entries > counts.commissions && counts.commissions > 12);
	OK(strstr(said.p, "not what a recount gives") != NULL);
	OK(strstr(said.p, "payable balance and legs differ") != NULL);
	store_rollback(s, c->control);
	c->control = NULL;
	OK(fixture_commit(c, s));
}

STORE_TEST(a_standing_that_is_no_recount_is_found)
{
	static const struct sql falsify = {
		.text = "UPDATE standing SET revenue = revenue + 1 WHERE org_id = $1",
	};
	struct scene scene;
	struct str said;

	busy(c, s, &scene);
	OK(db_exec(c, &falsify, NO_ARGS));
	EQ(findings(c, &said), 6);
	OK(strstr(said.p, "not what a recount gives") != NULL);
	OK(scene_close(c, s));
}

/* Of one sale, once something is falsified: so much is found, and this is said. */
static void finds(struct ctx *c, struct store *s, const struct sql *falsify, int64_t count,
                  const char *const says[2])
{
	struct scene scene;
	struct str said;

	OK(scene_open(c, s, &scene, SCENE_25_PERCENT));
	sell(c, scene.partner_id, "a", "eve", 9900);
	OK(db_exec(c, falsify, NO_ARGS));
	EQ(findings(c, &said), count);
	for (size_t i = 0; i < 2; i++)
		OK(strstr(said.p, says[i]) != NULL);
	OK(scene_close(c, s));
}

STORE_TEST(a_customer_with_another_owner_or_invoice_is_found)
{
	static const struct sql falsify = {
		.text = "UPDATE customer SET partner_id = 1, invoices = 9 WHERE org_id = $1",
	};

	finds(c, s, &falsify, 2,
	      (const char *[]){ "has 9 invoices, a recount gives 1",
	                        "is not owned as its events say" });
}

STORE_TEST(a_customer_that_its_id_does_not_lead_to_is_found)
{
	static const struct sql falsify = {
		.text = "UPDATE customer SET external_id = 'adam' WHERE org_id = $1",
	};

	finds(c, s, &falsify, 1, (const char *[]){ "cus_", ": is not found by its external id" });
}

/* The commissions of two sales change places, so that their ids say another order. */
STORE_TEST(commissions_out_of_order_are_walked_by_event)
{
	static const struct sql falsify = {
		.text = "UPDATE commission SET event_id = (SELECT MIN(event.id) + MAX(event.id)"
		        " FROM event WHERE event.org_id = $1) - event_id WHERE org_id = $1",
	};
	struct scene scene;
	struct str said;

	OK(scene_open(c, s, &scene, SCENE_25_PERCENT));
	sell(c, scene.partner_id, "a", "eve", 9900);
	sell(c, scene.partner_id, "b", "eve", 8800);
	OK(db_exec(c, &falsify, NO_ARGS));
	EQ(findings(c, &said), 6);
	OK(strstr(said.p, "judged again, its event earns 2228 USD, not 1980 USD") != NULL);
	OK(strstr(said.p, "is not there") == NULL);
	OK(strstr(said.p, "commissions, not") == NULL);
	OK(scene_close(c, s));
}

STORE_TEST(a_commission_without_its_event_is_found)
{
	static const struct sql falsify = {
		.text = "UPDATE commission SET event_id = event_id + 1 WHERE org_id = $1",
	};

	finds(c, s, &falsify, 2,
	      (const char *[]){ "the commission's event is not there",
	                        "makes 1 commissions, not 0" });
}

STORE_TEST(legs_of_no_entry_and_refunds_of_no_sale_are_found)
{
	static const struct sql falsify[] = {
		{ .text = "INSERT INTO ledger_leg (org_id, entry_id, number, account, partner_id,"
		          " currency, debit, credit) VALUES ($1, 77, 1, 2, 0, 'USD', 5, 0)" },
		{ .text = "INSERT INTO sale_refund (org_id, sale_id, event_id, amount, at)"
		          " VALUES ($1, 77, 78, 5, 5)" },
	};
	struct scene scene;
	struct str said;

	OK(scene_open(c, s, &scene, SCENE_25_PERCENT));
	sell(c, scene.partner_id, "a", "eve", 9900);
	for (size_t i = 0; i < LEN(falsify); i++)
		OK(db_exec(c, &falsify[i], NO_ARGS));
	EQ(findings(c, &said), 2);
	OK(strstr(said.p, "a leg belongs to no entry (5, 0)") != NULL);
	OK(strstr(said.p, "more is refunded than was sold (5, 0)") != NULL);
	OK(scene_close(c, s));
}

static void publish(struct ctx *c, struct store *s)
{
	struct ecb_rates rates;
	struct fx_stored stored;

	OK(ecb_parse(c, unit_file(c, "tests/cases/fx/history.xml"), &rates));
	OK(fixture_write(c, s, 0));
	OK(fx_rate_store(c, &rates, &stored));
	OK(fixture_commit(c, s));
}

/* A sale of 99.00 EUR under USD, and a part of it given back. */
static void sell_abroad(struct ctx *c, struct store *s, struct scene *scene)
{
	struct recorded done;
	struct track t = { .type = EVENT_SALE,
		           .external_id = STR("abroad"),
		           .customer_id = STR("eve"),
		           .amount = 9900,
		           .currency = STR("EUR"),
		           .source = STR("test") };

	publish(c, s);
	OK(scene_open(c, s, scene, SCENE_25_PERCENT));
	t.partner_id = scene->partner_id;
	OK(event_record(c, &t, &done));
	refund(c, "back", "abroad", 3300);
}

STORE_TEST(a_sale_converted_at_the_published_rate_has_no_findings)
{
	struct scene scene;
	struct str said;

	sell_abroad(c, s, &scene);
	findings(c, &said);
	EQ_STR(said, "");
	OK(scene_close(c, s));
}

STORE_TEST(a_rate_that_was_not_published_is_found)
{
	static const struct sql falsify = {
		.text = "UPDATE fx_rate SET rate = rate + 1 WHERE currency = 'USD'",
		.control = true,
		.global = true,
	};
	struct scene scene;
	struct str said;

	sell_abroad(c, s, &scene);
	OK(scene_close(c, s));
	OK(fixture_write(c, s, 0));
	OK(db_exec(c, &falsify, NO_ARGS));
	OK(fixture_commit(c, s));
	OK(call_begin(c, s, 1));
	EQ(findings(c, &said), 1);
	OK(strstr(said.p, "at rates that are not those of 2026-01-14") != NULL);
	OK(call_end(c, s));
}
