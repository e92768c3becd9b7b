/* SPDX-License-Identifier: Apache-2.0 */
#include "event/counted.h"

#include "event/scene.h"
#include "event/standing.h"
#include "partner/enrolment.h"
#include "partner/partner.h"
#include "verify/verify.h"

#define SHARED \
	"{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\",\"value\":\"25\"}," \
	"\"attribution\":{\"model\":\"linear\"}}"

struct both {
	struct scene scene;
	int64_t ann;
};

/* A sale of 119.00 with 19.00 of tax and 10.00 of shipping, shared by two partners. */
static void shared_sale(struct ctx *c, const struct both *b, const char *id)
{
	struct track t = { .type = EVENT_LEAD,
		           .external_id = str_from(id),
		           .partner_id = b->ann,
		           .customer_id = arena_printf(c->arena, "c-%s", id),
		           .source = STR("test") };
	struct recorded r;

	OK(event_record(c, &t, &r));
	t.type = EVENT_SALE;
	t.partner_id = b->scene.partner_id;
	t.amount = 11900;
	t.tax = 1900;
	t.shipping = 1000;
	t.currency = STR("USD");
	OK(event_record(c, &t, &r));
}

static void open_both(struct ctx *c, struct store *s, struct both *b)
{
	struct partner_new p = { .name = STR("Ann"), .email = STR("ann@example.com"),
		                 .status = -1 };
	struct partner ann;

	OK(scene_open(c, s, &b->scene, SHARED));
	p.campaign_id = b->scene.campaign_id;
	OK(partner_enrol(c, &p, &ann));
	b->ann = ann.id;
}

static struct counters driven(struct ctx *c, const struct both *b, int64_t partner_id)
{
	const int64_t ever[2] = { 0, 999912 };
	struct counters n = { 0 };

	OK(standing_counters(c, partner_id, b->scene.campaign_id, ever, &n));
	return n;
}

static void refund(struct ctx *c, const char *id, const char *sale, int64_t amount)
{
	struct recorded r;

	OK(scene_refund(c, id, sale, amount, &r));
}

/* Both partners have driven this much of the sales, and the audit agrees. */
static void expect(struct ctx *c, const struct both *b, int64_t revenue, int64_t sales)
{
	int64_t who[] = { b->scene.partner_id, b->ann };
	struct verify_counts counts = { 0 };
	struct buf said;

	for (size_t i = 0; i < 2; i++) {
		EQ(driven(c, b, who[i]).revenue_minor, revenue);
		EQ(driven(c, b, who[i]).sales, sales);
		EQ(driven(c, b, who[i]).customers, sales);
	}
	buf_init(&said, c->arena);
	OK(verify_org(c, &said, &counts));
	EQ_STR(buf_text(&said), "");
}

STORE_TEST(a_refund_lowers_every_credited_partner_by_its_part_of_the_base)
{
	struct both b;

	open_both(c, s, &b);
	shared_sale(c, &b, "a");
	expect(c, &b, 4500, 1);
	refund(c, "r1", "a", 5950);
	expect(c, &b, 2250, 1);
	refund(c, "r2", "a", 0);
	expect(c, &b, 0, 0);
	OK(scene_close(c, s));
}

STORE_TEST(refunds_in_parts_and_in_any_order_lower_as_much_as_one)
{
	static const int64_t parts[] = { 1, 3333, 77, 2000 };
	struct both b;
	int64_t at_once, in_parts, backwards;

	open_both(c, s, &b);
	for (const char *id = "a"; id; id = id[0] == 'a' ? "b" : id[0] == 'b' ? "c" : NULL)
		shared_sale(c, &b, id);
	at_once = driven(c, &b, b.ann).revenue_minor;
	refund(c, "a", "a", 5411);
	at_once -= in_parts = driven(c, &b, b.ann).revenue_minor;
	for (size_t i = 0; i < 4; i++)
		refund(c, arena_printf(c->arena, "b%zu", i).p, "b", parts[i]);
	in_parts -= backwards = driven(c, &b, b.ann).revenue_minor;
	for (size_t i = 4; i-- > 0;)
		refund(c, arena_printf(c->arena, "c%zu", i).p, "c", parts[i]);
	backwards -= driven(c, &b, b.ann).revenue_minor;
	EQ(in_parts, at_once);
	EQ(backwards, at_once);
	expect(c, &b, 3 * (4500 - at_once), 3);
	OK(scene_close(c, s));
}

STORE_TEST(a_refund_that_waited_for_its_sale_lowers_as_much)
{
	struct both b;

	open_both(c, s, &b);
	refund(c, "r1", "a", 5950);
	shared_sale(c, &b, "a");
	expect(c, &b, 2250, 1);
	OK(scene_close(c, s));
}
