/* SPDX-License-Identifier: Apache-2.0 */
#include "event/scene.h"

#include "api/call.h"
#include "campaign/campaign.h"
#include "partner/partner.h"

/* The control data's row of organisation 1, which tests of events need for its time zone. */
static const struct sql SQL_ORG = {
	.text = "INSERT INTO org (id, workspace_id, slug, name, currency, timezone, status,"
	        " tracking_host, payer, sandbox, created_at)"
	        " VALUES (1, 0, 'one', 'One', 'USD', 'UTC', 0, '', 0, 0, 0)",
	.control = true,
	.global = true,
};

bool scene_open(struct ctx *c, struct store *s, struct scene *out, const char *terms)
{
	struct campaign k = { .slug = STR("main"), .name = STR("Main"), .currency = STR("USD"),
		              .url = STR("https://shop.example/") };
	struct partner_new p = { .name = STR("Bob"), .email = STR("bob@example.com"),
	                         .status = -1 };
	struct partner partner;

	if (!fixture_write(c, s, 0) || !db_exec(c, &SQL_ORG, NO_ARGS) || !fixture_commit(c, s))
		return false;
	if (!call_begin(c, s, 1) || !campaign_create(c, &k, str_from(terms)))
		return false;
	p.campaign_id = k.id;
	if (!partner_enrol(c, &p, &partner))
		return false;
	*out = (struct scene){ .campaign_id = k.id, .partner_id = partner.id };
	return true;
}

bool scene_close(struct ctx *c, struct store *s)
{
	return call_end(c, s);
}

bool scene_sale(struct ctx *c, const struct scene *s, const char *id, int64_t amount,
                struct recorded *out)
{
	struct track t = { .type = EVENT_SALE,
		           .external_id = str_from(id),
		           .partner_id = s->partner_id,
		           .customer_id = arena_printf(c->arena, "cus-%s", id),
		           .amount = amount,
		           .currency = STR("USD"),
		           .source = STR("test") };

	return event_record(c, &t, out);
}

bool scene_refund(struct ctx *c, const char *id, const char *sale_id, int64_t amount,
                  struct recorded *out)
{
	struct track t = { .type = EVENT_REFUND,
		           .external_id = str_from(id),
		           .of_id = str_from(sale_id),
		           .amount = amount,
		           .amount_given = amount > 0,
		           .source = STR("test") };

	return event_record(c, &t, out);
}
