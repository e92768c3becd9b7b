/* SPDX-License-Identifier: Apache-2.0 */
#include "whatif/today.h"

#include "campaign/terms_doc.h"
#include "event/intake.h"
#include "partner/enrolment.h"

void today_init(struct today *t, struct ctx *lasting, int64_t campaign_id,
                const struct currency *cur)
{
	*t = (struct today){ .c = lasting, .campaign_id = campaign_id, .currency = cur };
	table_init(&t->partners, sizeof(struct today_partner));
}

void today_free(struct today *t)
{
	table_free(&t->partners);
}

static bool read_override(struct today *t, const struct enrolment *e, struct today_partner *p)
{
	p->group = arena_str(t->c->arena, e->group_name);
	p->override_from_ms = e->override_from;
	p->override_until_ms = e->override_until;
	if (e->override_reward.n == 0)
		return true;
	if (!offer_doc_parse(t->c, e->override_reward, t->currency, &p->override))
		return false;
	if (e->override_recurring != OVERRIDE_RECURRING_UNSET) {
		p->override.has_months = true;
		p->override.recurring_months = (int32_t)e->override_recurring;
	}
	return true;
}

static bool read_partner(struct today *t, int64_t id, struct today_partner *p)
{
	struct enrolment e;
	struct partner row;
	bool enrolled;

	if (!partner_get(t->c, id, &row)
	    || !enrolment_find(t->c, t->campaign_id, id, &e, &enrolled))
		return false;
	*p = (struct today_partner){ .id = id, .parent_id = row.parent_id,
		                     .standing = STANDING_CLOSED,
		                     .above = intake_standing_of((enum partner_status)row.status) };
	if (!enrolled)
		return true;
	p->standing = p->above = intake_standing_of(enrolment_status(&row, &e));
	return read_override(t, &e, p);
}

bool today_find(struct today *t, int64_t partner_id, const struct today_partner **out)
{
	struct today_partner *p = table_add(&t->partners, partner_id, 0, NULL);

	*out = p;
	return p->id != 0 || read_partner(t, partner_id, p);
}
