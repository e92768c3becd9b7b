/* SPDX-License-Identifier: Apache-2.0 */
#include "event/recall_scan.h"

#include "unit.h"

static const struct event sale = {
	.id = 7, .type = EVENT_SALE, .customer_id = 9, .campaign_id = 3, .partner_id = 11,
	.link_id = 12, .amount = 9900, .tax = 900, .currency = STR_INIT("USD"), .invoice_index = 2,
	.occurred_at = 1768478400000, .facts = STR_INIT("{}"), .inputs = STR_INIT("{}"),
};

static const char facts[] =
	"{\"customer\":{\"id\":\"c1\",\"country\":\"DE\"},\"code\":\"TEN\","
	"\"utm\":{\"source\":\"a\",\"medium\":\"b\"},\"product\":\"annual\","
	"\"site\":\"shop.example\",\"plan\":\"team\",\"shipping\":300,\"partner\":\"prt_1\","
	"\"attributes\":{\"colour\":\"red\",\"seats\":-12}}";

static const char inputs[] =
	"{\"event\":{\"country\":\"AT\",\"unpayable\":\"duplicate\",\"quantity\":3,\"quantity_of\":24,"
	"\"cleared_at\":1768500000000},"
	"\"standing\":{\"credits\":[{\"link\":0,\"signal\":\"code\",\"standing\":\"suspended\","
	"\"holds\":8,\"group\":\"gold\",\"counters\":[-5,2,1],\"referred_at\":1768000000000,"
	"\"chain\":[{\"partner\":455923727949889536,\"standing\":\"banned\",\"holds\":1,"
	"\"cap_used\":[7]},{\"partner\":22}],\"recruiter\":{\"partner\":23},\"cap_used\":[1,2]}],"
	"\"cap_used\":[0,0,9]},\"month\":202601}";

TEST(facts_are_scanned_as_the_json_reader_reads_them)
{
	struct occurrence o = { 0 };

	OK(recall_scan_facts(c->arena, str_from(facts), &o));
	EQ_STR(o.product, "annual");
	EQ_STR(o.site, "shop.example");
	EQ_STR(o.plan, "team");
	EQ_STR(o.country, "DE");
	EQ(o.shipping_minor, 300);
	EQ(o.attribute_count, 2);
	EQ_STR(o.attributes[0].key, "colour");
	EQ_STR(o.attributes[1].value, "-12");
}

TEST(inputs_are_scanned_as_the_json_reader_reads_them)
{
	struct event e = sale;
	struct recall r;
	const struct credit *cr;

	e.facts = str_from(facts);
	e.inputs = str_from(inputs);
	OK(recall_read(c, &e, currency_find(STR("USD")), &r));
	cr = r.inputs.standing.credits;
	EQ(r.month, 202601);
	EQ_STR(r.inputs.event.country, "AT");
	EQ(r.inputs.event.unpayable, UNPAYABLE_DUPLICATE);
	EQ(r.inputs.event.quantity, 3);
	EQ(r.inputs.event.quantity_of, 24);
	EQ(r.inputs.event.cleared_at_ms, 1768500000000);
	EQ(cr->partner_id, 11);
	EQ(cr->link_id, 0);
	EQ(cr->signal, SIGNAL_CODE);
	EQ(cr->standing, STANDING_SUSPENDED);
	EQ(cr->holds, 8);
	EQ_STR(cr->group, "gold");
	EQ(cr->counters.revenue_minor, -5);
	EQ(cr->counters.customers, 1);
	EQ(cr->referred_at_ms, 1768000000000);
	EQ(cr->chain_count, 2);
	EQ(cr->chain[0].partner_id, 455923727949889536);
	EQ(cr->chain[0].standing, STANDING_BANNED);
	EQ(cr->chain[0].cap_used[0], 7);
	EQ(cr->recruiter->partner_id, 23);
	EQ(cr->cap_used[1], 2);
	EQ(r.inputs.standing.cap_used[2], 9);
}

TEST(what_the_scanner_does_not_know_is_left_to_the_json_reader)
{
	static const char *const others[] = {
		"{\"standing\":{\"credits\":[{\"share_ppm\":500000}]}}",
		"{\"standing\":{\"credits\":[{\"override\":{\"reward\":{}}}]}}",
		"{\"standing\":{\"credits\":[{\"group\":\"a\\u0062\"}]}}",
		"{\"standing\":{\"credits\":[{\"holds\":-1}]}}",
		"{\"standing\":{\"credits\":[{\"link\":99999999999999999999}]}}",
		"{\"event\":{\"fx\":{}}}",
		"{\"month\":0}",
		"{\"month\":202601}x",
		"{\"month\"",
		"",
	};
	const struct credit known = { .partner_id = 4 };
	struct recall r = { .inputs = { .standing = { .credits = &known, .credit_count = 1 } },
		            .month = 1 };

	for (size_t i = 0; i < LEN(others); i++) {
		NO(recall_scan_inputs(c->arena, str_from(others[i]), &r));
		EQ(r.month, 1);
		EQ(r.inputs.standing.credits[0].partner_id, 4);
	}
}
