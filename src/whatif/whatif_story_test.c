/* SPDX-License-Identifier: Apache-2.0 */
#include "base/check.h"
#include "calendar/calendar.h"
#include "calendar/retainer.h"
#include "calendar/true_up.h"
#include "campaign/campaign.h"
#include "commission/commission.h"
#include "event/scene.h"
#include "event/standing.h"
#include "partner/partner.h"
#include "whatif/whatif.h"

/*
 * Two campaigns live through the same story, each by its own terms and with its own partners and
 * customers. What one of them would have cost by the other's terms is what the other has cost.
 */

#define CAST 6
#define CUSTOMERS 12
#define STEPS 90
#define SIDES 2

struct story {
	uint64_t seed;
	int64_t campaigns[SIDES];
	int64_t partners[SIDES][CAST];
	bool attribution;
};

/* splitmix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014) */
static int64_t draw(struct story *s, int64_t below)
{
	uint64_t z = s->seed += 0x9E3779B97F4A7C15ULL;

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
	return (int64_t)((z ^ (z >> 31)) % (uint64_t)below);
}

#define SALE "{\"trigger\":\"sale\",\"hold_days\":0,\"reward\":{\"type\":\"percentage\",\"value\":"
#define OTHERS \
	"\"rewards\":[{\"if\":{\"event\":\"lead\"},\"reward\":{\"type\":\"fixed\",\"amount\":333}}," \
	"{\"if\":{\"event\":\"qualified_referral\"},\"reward\":{\"type\":\"fixed\",\"amount\":777}}," \
	"{\"if\":{\"event\":\"project_delivered\"},\"reward\":{\"type\":\"fixed\",\"amount\":5000}}," \
	"{\"if\":{\"event\":\"deal_closed\"},\"reward\":{\"type\":\"percentage\",\"value\":\"3.5\"}}," \
	"{\"if\":{\"event\":\"goal\"},\"reward\":{\"type\":\"fixed\",\"amount\":100}}," \
	"{\"if\":{\"event\":\"retainer\"},\"reward\":{\"type\":\"fixed\",\"amount\":31000}}]"

#define CREDITED(model, cookie, ownership) \
	",\"attribution\":{\"model\":\"" model "\",\"cookie_days\":" cookie ",\"ownership\":" ownership "}"

/* All kinds of terms; only the last ones decide in ways of their own who is credited. */
static const char *const terms[] = {
	SALE "\"20\"}}",
	SALE "\"12.5\"},\"recurring_months\":2,\"delay_invoices\":1,\"window_days\":40," OTHERS "}",
	SALE "\"10\"},\"tiers\":{\"by\":\"revenue\",\"period\":\"month\",\"steps\":[{\"from\":30000,"
	     "\"reward\":{\"type\":\"percentage\",\"value\":\"15\"}},{\"from\":90000,\"reward\":{"
	     "\"type\":\"percentage\",\"value\":\"22\"}}]},\"chain\":{\"mode\":\"on_top\",\"compute\":"
	     "\"cascade\",\"levels\":[{\"percent\":\"20\"},{\"percent\":\"10\"}]},\"clawback\":{"
	     "\"window_days\":60,\"on_refund\":\"full\",\"on_dispute\":\"full\",\"on_churn\":"
	     "\"prorated\"}," OTHERS "}",
	SALE "\"25\"},\"caps\":[{\"scope\":\"partner\",\"period\":\"month\",\"amount\":20000},"
	     "{\"scope\":\"customer\",\"amount\":15000},{\"scope\":\"campaign\",\"period\":\"quarter\","
	     "\"amount\":150000}],\"recruiting\":{\"percent\":\"10\"},\"clawback\":{\"on_refund\":"
	     "\"full\",\"on_dispute\":\"full\",\"dispute_opened\":\"reverse\",\"on_churn\":\"full\","
	     "\"window_days\":90}," OTHERS "}",
	SALE "\"10\"},\"tiers\":{\"by\":\"revenue\",\"period\":\"month\",\"retroactive\":true,"
	     "\"steps\":[{\"from\":40000,\"reward\":{\"type\":\"percentage\",\"value\":\"15\"}},"
	     "{\"from\":120000,\"reward\":{\"type\":\"percentage\",\"value\":\"30\"}}]},\"chain\":{"
	     "\"mode\":\"from_share\",\"levels\":[{\"percent\":\"25\"}]},\"clawback\":{\"on_refund\":"
	     "\"prorated\",\"window_days\":45,\"on_churn\":\"full\"}," OTHERS "}",
	SALE "\"8\"},\"tiers\":{\"by\":\"sales\",\"period\":\"quarter\",\"retroactive\":true,"
	     "\"counts_current\":true,\"steps\":[{\"from\":3,\"reward\":{\"type\":\"fixed\",\"amount\":"
	     "4000}},{\"from\":9,\"reward\":{\"type\":\"percentage\",\"value\":\"18\"}}]},\"clawback\":{"
	     "\"on_refund\":\"none\",\"on_dispute\":\"none\",\"true_up\":\"month\"}}",
	SALE "\"15\"},\"clawback\":{\"on_refund\":\"none\",\"true_up\":\"quarter\"},\"caps\":[{"
	     "\"scope\":\"partner\",\"period\":\"year\",\"amount\":200000}],\"groups\":{\"gold\":{"
	     "\"reward\":{\"type\":\"percentage\",\"value\":\"19\"}}}," OTHERS "}",
	SALE "\"20\"}," OTHERS CREDITED("linear", "10", "\"sale\"") "}",
	SALE "\"14\"},\"caps\":[{\"scope\":\"partner\",\"period\":\"month\",\"amount\":40000}],"
	     "\"window_days\":50," OTHERS CREDITED("first", "60", "{\"days\":20}") "}",
	SALE "\"30\"},\"tiers\":{\"by\":\"customers\",\"period\":\"month\",\"retroactive\":true,"
	     "\"steps\":[{\"from\":2,\"reward\":{\"type\":\"percentage\",\"value\":\"33.3\"}}]}," OTHERS
	     CREDITED("position", "25", "\"lifetime\"") "}",
	SALE "\"9.9\"}," OTHERS CREDITED("last", "3", "\"sale\"") "}",
};

#define OWN_WAYS 7 /* the first that decides who is credited */

static struct str called(struct ctx *c, int side, const char *what, int64_t n)
{
	return arena_printf(c->arena, "%s-%d-%lld", what, side, (long long)n);
}

/* The third is recruited by the first, the fourth by the third, the fifth by the second. */
static void enrol(struct ctx *c, struct story *s, int side)
{
	static const int above[CAST] = { -1, -1, 0, 2, 1, -1 };

	for (int i = 0; i < CAST; i++) {
		if (s->partners[side][i] != 0)
			continue; /* Bob, who is there already */
		struct partner_new p = {
			.name = called(c, side, "Partner", i),
			.email = arena_printf(c->arena, "p%d@side%d.example", i, side),
			.campaign_id = s->campaigns[side],
			.parent_id = above[i] < 0 ? 0 : s->partners[side][above[i]],
			.status = -1,
		};
		struct partner made;

		OK(partner_enrol(c, &p, &made));
		s->partners[side][i] = made.id;
	}
}

static void set_out(struct ctx *c, struct store *store, struct story *s, const char *const by[])
{
	struct campaign other = { .slug = STR("other"), .name = STR("Other"),
		                  .currency = STR("USD"), .url = STR("https://shop.example/") };
	struct scene scene;

	OK(scene_open(c, store, &scene, by[0]));
	OK(campaign_create(c, &other, str_from(by[1])));
	s->campaigns[0] = scene.campaign_id;
	s->campaigns[1] = other.id;
	s->partners[0][0] = scene.partner_id;
	enrol(c, s, 0);
	enrol(c, s, 1);
}

/* What happens on both sides, with its own ids. */
struct happens {
	int64_t type, partner, customer, amount, number, sale, state, at;
	bool mailed;
};

static void tell(struct ctx *c, const struct story *s, int side, const struct happens *h)
{
	bool about_sale = h->type == EVENT_REFUND || h->type == EVENT_DISPUTE;
	struct track t = {
		.type = h->type,
		.external_id = called(c, side, "e", h->number),
		.amount = h->amount,
		.amount_given = h->amount > 0,
		.occurred_at = h->at,
		.source = STR("test"),
	};
	struct recorded done;

	if (h->partner >= 0)
		t.partner_id = s->partners[side][h->partner];
	if (h->customer >= 0)
		t.customer_id = called(c, side, "c", h->customer);
	if (h->mailed)
		t.customer_email = arena_printf(c->arena, "c%lld+%d@side%d.example",
		                                (long long)h->customer % 4, (int)h->number, side);
	if (about_sale) {
		t.of_id = called(c, side, "e", h->sale);
		t.dispute_state = h->state;
	} else if (h->amount > 0) {
		t.currency = STR("USD");
		t.tax = h->amount / 11;
	}
	if (event_record(c, &t, &done))
		return;
	EQ(c->err.code, ERR_INVALID); /* more than was left of the sale */
	EQ_STR(c->err.field, "amount");
	fail_clear(c);
}

/* Something; refunds of sales that may not have come yet, and of more than was left. */
static void draw_one(struct ctx *c, struct story *s, int64_t number, struct happens *out)
{
	int64_t dice = draw(s, 100);

	*out = (struct happens){ .type = EVENT_SALE, .number = number, .at = c->now_ms,
		                 .partner = draw(s, CAST), .customer = draw(s, CUSTOMERS),
		                 .amount = 1000 + draw(s, 40000), .sale = draw(s, number + 4) };
	if (draw(s, 5) == 0)
		out->at -= draw(s, 40) * MS_PER_DAY;
	if (draw(s, 3) == 0)
		out->partner = -1;
	if (dice < 60)
		return;
	if (dice < 64) {
		out->type = EVENT_LEAD;
		out->mailed = out->customer < CUSTOMERS / 2;
		out->amount = 0;
	} else if (dice < 68) {
		out->type = EVENT_CHURN;
		out->partner = -1;
		out->amount = 0;
	} else if (dice < 76) {
		static const int64_t types[] = { EVENT_QUALIFIED_REFERRAL, EVENT_PROJECT_DELIVERED,
			                         EVENT_DEAL_CLOSED, EVENT_GOAL };

		out->type = types[draw(s, 4)];
		out->customer = out->type == EVENT_QUALIFIED_REFERRAL ? out->customer : -1;
		out->partner = draw(s, CAST);
		out->amount = out->type == EVENT_DEAL_CLOSED ? out->amount * 10 : 0;
	} else {
		out->type = dice < 90 ? EVENT_REFUND : EVENT_DISPUTE;
		out->state = draw(s, 3);
		out->partner = out->customer = -1;
		out->amount = draw(s, 2) ? 0 : 1 + draw(s, 900);
		out->at = c->now_ms;
	}
}

static void run_jobs(struct ctx *c)
{
	bool more = true;

	while (more)
		OK(retainer_step(c, &more));
	more = true;
	while (more)
		OK(true_up_step(c, &more));
}

/* Time passes; the jobs run when a month is over, and in the end. */
static void pass(struct ctx *c, int64_t span_ms)
{
	int64_t to_ms = c->now_ms + span_ms;

	for (;;) {
		int64_t month = standing_month(STR("UTC"), c->now_ms);
		int64_t next_ms = month_start_ms(STR("UTC"), month_next(month));

		c->now_ms = next_ms < to_ms ? next_ms : to_ms;
		run_jobs(c);
		if (c->now_ms == to_ms)
			return;
	}
}

/* The names of sales are drawn from all numbers: what is no sale waits for one for ever. */
static void live(struct ctx *c, struct story *s)
{
	for (int64_t i = 0; i < STEPS; i++) {
		struct happens h;

		pass(c, (1 + draw(s, 48)) * MS_PER_HOUR);
		draw_one(c, s, i, &h);
		for (int side = 0; side < SIDES; side++)
			tell(c, s, side, &h);
	}
	pass(c, MS_PER_HOUR);
	pass(c, 80 * MS_PER_DAY);
}

static const struct sql SQL_STORED = {
	.text = "SELECT CAST(SUM(amount - reversed) AS BIGINT) AS n FROM commission WHERE org_id = $1"
	        " AND partner_id = $2",
};

static const struct whatif_partner *find(const struct whatif *w, int64_t partner_id)
{
	static const struct whatif_partner nobody;

	for (size_t i = 0; i < w->partner_count; i++)
		if (w->partners[i].id == partner_id)
			return &w->partners[i];
	return &nobody;
}

/* By another side's terms each partner of a side gets what its like on the other side has got. */
static void equals_other(struct ctx *c, const struct story *s, int side, int other,
                         const char *document)
{
	struct whatif_ask ask = { .campaign_id = s->campaigns[side],
		                  .terms = str_from(document),
		                  .attribution = s->attribution };
	struct whatif w;
	int64_t sum = 0;

	OK(whatif_run(c, &ask, &w));
	for (int i = 0; i < CAST; i++) {
		const struct whatif_partner *p = find(&w, s->partners[side][i]);
		int64_t was, is;

		OK(db_int(c, &SQL_STORED, ARGS(val_int(s->partners[side][i])), &was));
		OK(db_int(c, &SQL_STORED, ARGS(val_int(s->partners[other][i])), &is));
		EQ(p->old_minor, was);
		EQ(p->new_minor, is);
		sum += is;
	}
	EQ(whatif_cost(&w.new), sum);
}

static void tell_story(struct ctx *c, struct store *store, uint64_t seed, size_t a, size_t b)
{
	struct story s = { .seed = seed, .attribution = a >= OWN_WAYS || b >= OWN_WAYS };
	const char *const by[] = { terms[a], terms[b] };

	set_out(c, store, &s, by);
	live(c, &s);
	for (int side = 0; side < SIDES; side++) {
		equals_other(c, &s, side, side, by[side]);
		equals_other(c, &s, side, !side, by[!side]);
	}
	OK(scene_close(c, store));
}

/* What differs between the databases are the statements, which one story runs all of. */
#define STORY(name, seed, a, b) \
	TEST(name) \
	{ \
		tell_story(c, fixture_sqlite(c, FIXTURE_MIGRATIONS), (seed), (a), (b)); \
	}

STORE_TEST(positions_foretell_caps_on_what_customers_bring)
{
	tell_story(c, s, 15, 9, 3);
}

STORY(plain_terms_foretell_durations_and_all_kinds_of_events, 1, 0, 1)
STORY(plain_terms_foretell_tiers_and_a_chain, 2, 0, 2)
STORY(tiers_and_a_chain_foretell_caps_and_recruiting, 3, 2, 3)
STORY(caps_foretell_retroactive_tiers, 4, 3, 4)
STORY(retroactive_tiers_foretell_those_of_a_quarter, 5, 4, 5)
STORY(a_quarter_foretells_a_clawback_that_is_trued_up, 6, 5, 6)
STORY(a_clawback_that_is_trued_up_foretells_durations, 7, 6, 1)
STORY(durations_foretell_retroactive_tiers, 8, 1, 4)
STORY(plain_terms_foretell_caps_on_what_customers_bring, 9, 0, 3)
STORY(shared_credits_foretell_the_first_and_owners_for_some_days, 10, 7, 8)
STORY(the_first_foretells_positions_and_several_owners, 11, 8, 9)
STORY(positions_foretell_the_last_with_a_short_memory, 12, 9, 10)
STORY(a_short_memory_foretells_shared_credits, 13, 10, 7)
STORY(owners_for_life_foretell_credits_without_owners, 14, 3, 7)
