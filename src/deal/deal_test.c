/* SPDX-License-Identifier: Apache-2.0 */
#include "deal/deal.h"

#include "api/call.h"
#include "base/clock.h"
#include "data/json.h"
#include "deal/deal_api.h"
#include "deal/deal_step.h"
#include "deal/protected_account.h"
#include "event/scene.h"
#include "partner/partner.h"
#include "verify/verify.h"

#define TERMS \
	"{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\",\"value\":\"20\"}," \
	"\"rewards\":[{\"if\":{\"event\":\"deal_closed\"},\"reward\":{\"type\":\"percentage\"," \
	"\"value\":\"5\"}}]}"

struct stage {
	struct scene scene;
	int64_t ann; /* another partner of the campaign */
};

static void open_stage(struct ctx *c, struct store *s, struct stage *out, const char *terms)
{
	struct partner_new p = { .name = STR("Ann"), .email = STR("ann@partner.example"),
		                 .status = -1 };
	struct partner ann;

	OK(scene_open(c, s, &out->scene, terms));
	p.campaign_id = out->scene.campaign_id;
	OK(partner_enrol(c, &p, &ann));
	out->ann = ann.id;
}

static struct deal_new by(const struct stage *t, int64_t partner_id, const char *domain)
{
	return (struct deal_new){ .campaign_id = t->scene.campaign_id, .partner_id = partner_id,
		                  .company = STR("Acme"), .domain = str_from(domain) };
}

static struct deal registers(struct ctx *c, const struct stage *t, int64_t partner_id,
                             const char *domain)
{
	struct deal_new in = by(t, partner_id, domain);
	struct deal d;

	OK(deal_register(c, &in, &d));
	return d;
}

/* A sale of 100.00 to somebody, by nobody in particular. */
static void buys(struct ctx *c, const char *id, const char *email, struct recorded *out)
{
	struct track t = { .type = EVENT_SALE,
		           .external_id = str_from(id),
		           .customer_id = arena_printf(c->arena, "cus-%s", id),
		           .customer_email = str_from(email),
		           .amount = 10000,
		           .currency = STR("USD"),
		           .source = STR("test") };

	OK(event_record(c, &t, out));
}

static int64_t findings(struct ctx *c, struct str *out_said)
{
	struct verify_counts counts = { 0 };
	struct buf b;

	buf_init(&b, c->arena);
	OK(verify_org(c, &b, &counts));
	*out_said = buf_text(&b);
	return counts.findings;
}

STORE_TEST(a_sale_to_the_account_of_a_deal_is_its_partners_while_it_is_protected)
{
	struct stage t;
	struct recorded r;
	struct str said;
	struct deal d;

	open_stage(c, s, &t, TERMS);
	d = registers(c, &t, t.ann, "https://www.Acme.example/about");
	EQ(d.stage, DEAL_REGISTERED);
	EQ_STR(d.domain, "acme.example");
	EQ(d.protected_until, c->now_ms + 14 * MS_PER_DAY);

	c->now_ms += MS_PER_DAY;
	buys(c, "a", "jane@acme.example", &r);
	EQ(r.event.partner_id, t.ann);
	OK(strstr(r.answer.p, "Credited to the partner whose deal was registered 1 day before."));
	OK(strstr(r.answer.p, "\"deal\":\"dea_"));
	buys(c, "b", "jane@other.example", &r);
	EQ(r.event.partner_id, 0);

	c->now_ms += 13 * MS_PER_DAY;
	buys(c, "c", "john@acme.example", &r);
	EQ(r.event.partner_id, 0);
	OK(strstr(r.answer.p, "the deal's protection is over"));
	EQ(findings(c, &said), 0);
	EQ_STR(said, "");
	OK(scene_close(c, s));
}

STORE_TEST(at_a_public_mail_host_only_the_whole_address_counts)
{
	struct deal_new in;
	struct stage t;
	struct recorded r;
	struct deal d;

	open_stage(c, s, &t, TERMS);
	in = by(&t, t.ann, "gmail.com");
	FAILS(deal_register(c, &in, &d), ERR_INVALID, "domain");
	in.domain = STR("");
	FAILS(deal_register(c, &in, &d), ERR_INVALID, "domain");
	in.email = STR("Jane+work@Gmail.com");
	OK(deal_register(c, &in, &d));
	EQ_STR(d.email, "jane@gmail.com");
	EQ_STR(d.domain, "");
	buys(c, "a", "joe@gmail.com", &r);
	EQ(r.event.partner_id, 0);
	buys(c, "b", "jane@gmail.com", &r);
	EQ(r.event.partner_id, t.ann);
	OK(scene_close(c, s));
}

STORE_TEST(an_account_is_protected_for_one_partner_at_a_time)
{
	struct deal_step more = { .days = 30, .note = STR("they are slow") };
	struct deal_new in;
	struct stage t;
	struct deal first, second, own;

	open_stage(c, s, &t, TERMS);
	first = registers(c, &t, t.ann, "acme.example");
	in = by(&t, t.scene.partner_id, "");
	in.email = STR("jane@acme.example");
	OK(deal_register(c, &in, &second));
	EQ(second.stage, DEAL_DECLINED);
	EQ(second.conflict, DEAL_CONFLICT_DEAL);
	EQ(second.conflict_id, first.id);
	EQ_STR(second.reason, "Another deal on this account is protected.");
	in = by(&t, t.ann, "acme.example");
	FAILS(deal_register(c, &in, &own), ERR_CONFLICT, "company");
	FAILS(deal_approve(c, &second, &(struct deal_step){ 0 }), ERR_STATE, "stage");

	c->now_ms += 15 * MS_PER_DAY;
	second = registers(c, &t, t.scene.partner_id, "acme.example");
	EQ(second.stage, DEAL_REGISTERED);
	OK(deal_get(c, first.id, &first));
	EQ(first.stage, DEAL_EXPIRED);
	FAILS(deal_extend(c, &first, &more), ERR_STATE, "stage");
	OK(deal_lose(c, &second, &more));
	EQ(second.stage, DEAL_LOST);
	OK(deal_extend(c, &first, &more));
	EQ(first.stage, DEAL_REGISTERED);
	EQ(first.protected_until, c->now_ms + 30 * MS_PER_DAY);
	OK(scene_close(c, s));
}

STORE_TEST(who_is_a_customer_or_was_in_contact_before_is_nobodys_deal)
{
	struct track lead = { .type = EVENT_LEAD, .external_id = STR("l"), .source = STR("test"),
		              .customer_id = STR("cus-l"), .customer_email = STR("x@lead.example") };
	struct stage t;
	struct recorded r;
	struct deal d;

	open_stage(c, s, &t, TERMS);
	buys(c, "a", "jane@acme.example", &r);
	OK(event_record(c, &lead, &r));
	d = registers(c, &t, t.ann, "acme.example");
	EQ(d.stage, DEAL_DECLINED);
	EQ(d.conflict, DEAL_CONFLICT_CUSTOMER);
	d = registers(c, &t, t.ann, "lead.example");
	EQ(d.conflict, DEAL_CONFLICT_CONTACT);
	buys(c, "b", "y@lead.example", &r);
	EQ(r.event.partner_id, 0);
	OK(strstr(r.answer.p, "the deal was registered after direct contact"));

	/* a lead that a partner brought is no contact of the organisation's */
	lead.external_id = STR("m");
	lead.customer_id = STR("cus-m");
	lead.customer_email = STR("x@brought.example");
	lead.partner_id = t.scene.partner_id;
	OK(event_record(c, &lead, &r));
	d = registers(c, &t, t.ann, "brought.example");
	EQ(d.stage, DEAL_REGISTERED);
	buys(c, "m", "x@brought.example", &r);
	EQ(r.event.partner_id, t.ann);
	OK(scene_close(c, s));
}

STORE_TEST(a_person_decides_on_protected_accounts)
{
	struct protected_account p = { .account = STR("Big.example") };
	struct deal_step note = { .note = STR("we are in talks") };
	struct stage t;
	struct recorded r;
	struct deal d;
	int64_t waiting;

	open_stage(c, s, &t, TERMS);
	OK(protected_account_create(c, &p));
	d = registers(c, &t, t.ann, "big.example");
	EQ(d.stage, DEAL_REVIEW);
	EQ(d.conflict, DEAL_CONFLICT_PROTECTED);
	OK(deal_waiting(c, &waiting));
	EQ(waiting, 1);
	FAILS(deal_win(c, &d, &note), ERR_STATE, "stage");
	buys(c, "a", "a@big.example", &r);
	EQ(r.event.partner_id, 0);
	OK(strstr(r.answer.p, "the deal was not accepted"));
	c->now_ms += MS_PER_DAY;
	OK(deal_approve(c, &d, &note));
	EQ(d.registered_at, c->now_ms);
	buys(c, "b", "b@big.example", &r);
	EQ(r.event.partner_id, t.ann);

	OK(protected_account_remove(c, p.id));
	p.account = STR("jane@gmail.com");
	OK(protected_account_create(c, &p));
	FAILS(protected_account_create(c, &p), ERR_CONFLICT, "account");
	p.account = STR("gmail.com");
	FAILS(protected_account_create(c, &p), ERR_INVALID, "account");
	p.account = STR("Acme Inc");
	FAILS(protected_account_create(c, &p), ERR_INVALID, "account");
	OK(scene_close(c, s));
}

STORE_TEST(a_deal_that_is_won_earns_by_an_event_of_its_partner)
{
	struct deal_step win = { .amount = 500000, .currency = STR("USD"), .customer = STR("acme") };
	struct stage t;
	struct event e;
	struct str said;
	struct deal d;
	bool found;

	open_stage(c, s, &t, TERMS);
	d = registers(c, &t, t.ann, "acme.example");
	c->now_ms += 20 * MS_PER_DAY;
	OK(deal_get(c, d.id, &d));
	FAILS(deal_win(c, &d, &win), ERR_STATE, "stage");
	win.occurred_at = c->now_ms + 1;
	FAILS(deal_win(c, &d, &win), ERR_INVALID, "occurred_at");
	win.occurred_at = c->now_ms - 10 * MS_PER_DAY;
	OK(deal_win(c, &d, &win));
	EQ(d.stage, DEAL_WON);
	OK(event_find(c, EVENT_DEAL_CLOSED,
	              arena_printf(c->arena, "deal/%.*s",
	                           STR_ARG(id_str(c->arena, ID_DEAL, d.id))),
	              &e, &found));
	OK(found);
	EQ(e.id, d.event_id);
	EQ(e.partner_id, t.ann);
	EQ(e.amount, 500000);
	OK(strstr(e.attribution.p, "whose deal was registered 10 days before"));
	FAILS(deal_win(c, &d, &win), ERR_STATE, "stage");
	FAILS(deal_lose(c, &d, &win), ERR_STATE, "stage");
	EQ(findings(c, &said), 0);
	EQ_STR(said, "");
	OK(scene_close(c, s));
}

STORE_TEST(terms_say_how_long_deals_are_protected)
{
	struct stage t;
	struct deal d;

	open_stage(c, s, &t,
	           "{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\",\"value\":\"20\"},"
	           "\"attribution\":{\"deal_days\":3}}");
	d = registers(c, &t, t.ann, "acme.example");
	EQ(d.protected_until, c->now_ms + 3 * MS_PER_DAY);
	OK(scene_close(c, s));
}

STORE_TEST(deals_need_terms_that_count_them)
{
	struct deal_new in;
	struct stage t;
	struct deal d;

	open_stage(c, s, &t,
	           "{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\",\"value\":\"20\"},"
	           "\"attribution\":{\"priority\":[\"link\"]}}");
	in = by(&t, t.ann, "acme.example");
	FAILS(deal_register(c, &in, &d), ERR_STATE, "campaign");
	OK(scene_close(c, s));
}

/* Extended and lost since: events are still what they were then. */
STORE_TEST(what_becomes_of_a_deal_later_changes_no_event_before)
{
	static const struct sql falsify[] = {
		{ .text = "UPDATE deal SET partner_id = (SELECT MIN(id) FROM partner WHERE org_id = $1)"
		          " WHERE org_id = $1" },
		{ .text = "UPDATE deal SET protected_until = protected_until + 1 WHERE org_id = $1" },
	};
	struct deal_step more = { .days = 10, .note = STR("slow") };
	struct stage t;
	struct recorded r;
	struct str said;
	struct deal d;

	open_stage(c, s, &t, TERMS);
	d = registers(c, &t, t.ann, "acme.example");
	c->now_ms += MS_PER_DAY;
	buys(c, "a", "jane@acme.example", &r);
	OK(deal_extend(c, &d, &more));
	c->now_ms += 15 * MS_PER_DAY;
	buys(c, "b", "john@acme.example", &r);
	EQ(r.event.partner_id, t.ann);
	OK(deal_lose(c, &d, &more));
	buys(c, "c", "jim@acme.example", &r);
	EQ(r.event.partner_id, 0);
	EQ(findings(c, &said), 0);
	EQ_STR(said, "");

	OK(db_exec(c, &falsify[1], NO_ARGS));
	EQ(findings(c, &said), 1);
	OK(strstr(said.p, "protection and history differ"));
	OK(db_exec(c, &falsify[0], NO_ARGS));
	EQ(findings(c, &said), 5);
	OK(strstr(said.p, "is not what the deal was then"));
	OK(strstr(said.p, "judged again, it is credited to somebody else"));
	OK(scene_close(c, s));
}

STORE_TEST(the_list_knows_what_has_expired)
{
	struct stage t;
	json_t *all;

	open_stage(c, s, &t, TERMS);
	registers(c, &t, t.ann, "acme.example");
	c->now_ms += 15 * MS_PER_DAY;
	registers(c, &t, t.ann, "hooli.example");
	all = call(c, &(struct call){ deal_api_list, .query = "stage=expired" }, 200);
	EQ(json_array_size(json_object_get(all, "data")), 1);
	EQ_STR(json_text(json_object_get(json_array_get(json_object_get(all, "data"), 0), "stage")),
	       "expired");
	all = call(c, &(struct call){ deal_api_list, .query = "stage=expired,registered" }, 200);
	EQ(json_array_size(json_object_get(all, "data")), 2);
	all = call(c, &(struct call){ deal_api_list, .query = "stage=won" }, 200);
	EQ(json_array_size(json_object_get(all, "data")), 0);
	OK(scene_close(c, s));
}

/* ---- Joint deals. */

static bool registers_with(struct ctx *c, const struct stage *t, const int64_t (*shares)[2],
                           size_t count, struct deal *out)
{
	struct deal_new in = by(t, t->ann, "joint.example");

	in.shares.count = count;
	for (size_t i = 0; i < count; i++)
		in.shares.all[i] = (struct deal_share){ .partner_id = shares[i][0],
			                                .share_ppm = shares[i][1] };
	return deal_register(c, &in, out);
}

STORE_TEST(shares_of_a_joint_deal_name_its_own_partner_and_add_up)
{
	struct stage t;
	struct deal d;

	open_stage(c, s, &t, TERMS);

	const int64_t short_of[][2] = { { t.ann, 600000 }, { t.scene.partner_id, 399999 } };
	const int64_t twice[][2] = { { t.ann, 600000 }, { t.ann, 400000 } };
	const int64_t others[][2] = { { t.scene.partner_id, 1000000 } };
	const int64_t nobody[][2] = { { t.ann, 600000 }, { 77, 400000 } };

	FAILS(registers_with(c, &t, short_of, 2, &d), ERR_INVALID, "shares");
	FAILS(registers_with(c, &t, others, 1, &d), ERR_INVALID, "shares");
	FAILS(registers_with(c, &t, twice, 2, &d), ERR_INVALID, "shares/1/partner");
	FAILS(registers_with(c, &t, nobody, 2, &d), ERR_INVALID, "shares/1/partner");
	OK(scene_close(c, s));
}

STORE_TEST(a_joint_deal_is_seen_by_each_of_its_partners_and_nobody_else)
{
	struct actor before = c->actor;
	struct stage t;
	struct deal d;
	int64_t share;

	open_stage(c, s, &t, TERMS);

	const int64_t shares[][2] = { { t.scene.partner_id, 250000 }, { t.ann, 750000 } };

	OK(registers_with(c, &t, shares, 2, &d));
	EQ(d.partner_count, 2);
	c->actor.kind = ACTOR_PARTNER;
	c->actor.partner_id = t.scene.partner_id;
	OK(deal_get(c, d.id, &d));
	c->actor.partner_id = t.ann;
	OK(deal_get(c, d.id, &d));
	c->actor.partner_id = 77;
	FAILS(deal_get(c, d.id, &d), ERR_NOT_FOUND, "id");
	c->actor = before;
	OK(deal_share_of(c, d.id, t.scene.partner_id, &share));
	EQ(share, 250000);
	OK(deal_share_of(c, d.id, 77, &share));
	EQ(share, 0);
	OK(scene_close(c, s));
}

STORE_TEST(the_audit_finds_a_share_that_is_not_what_was_agreed)
{
	static const struct sql falsify = {
		.text = "UPDATE deal SET partner_count = 3 WHERE org_id = $1",
	};
	struct verify_counts counts = { 0 };
	struct recorded r;
	struct buf said;
	struct stage t;
	struct deal d;

	open_stage(c, s, &t, TERMS);

	const int64_t shares[][2] = { { t.scene.partner_id, 250000 }, { t.ann, 750000 } };

	OK(registers_with(c, &t, shares, 2, &d));
	buys(c, "s1", "joe@joint.example", &r);
	EQ(r.event.partner_id, t.ann);
	buf_init(&said, c->arena);
	OK(verify_org(c, &said, &counts));
	EQ_STR(buf_text(&said), "");
	OK(db_exec(c, &falsify, NO_ARGS));
	OK(verify_org(c, &said, &counts));
	OK(strstr(said.p, "the number of its partners and its shares differ (3, 2)") != NULL);
	OK(scene_close(c, s));
}

STORE_TEST(shares_are_typed_line_by_line)
{
	struct deal_shares s2;
	char id[ID_TEXT_MAX];
	struct str text;

	id_format(ID_PARTNER, 77, id);
	text = arena_printf(c->arena, "\r\n %s 33.3333 %%\r\n", id);
	OK(deal_share_read_lines(c, text, 5, &s2));
	EQ(s2.count, 2);
	EQ(s2.all[0].partner_id, 5);
	EQ(s2.all[0].share_ppm, 666667);
	EQ(s2.all[1].partner_id, 77);
	OK(deal_share_read_lines(c, STR("  "), 5, &s2));
	EQ(s2.count, 0);
	FAILS(deal_share_read_lines(c, STR("Bob 40"), 5, &s2), ERR_INVALID, "shares");
	FAILS(deal_share_read_lines(c, arena_printf(c->arena, "%s 100", id), 5, &s2), ERR_INVALID,
	      "shares");
	FAILS(deal_share_read_lines(c, arena_printf(c->arena, "%s 60\n%s 40", id, id), 5, &s2),
	      ERR_INVALID, "shares");
	OK(s != NULL);
}
