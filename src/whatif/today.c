/* SPDX-License-Identifier: Apache-2.0 */
#include "whatif/today.h"

#include "base/check.h"
#include "campaign/terms_doc.h"
#include "event/intake.h"
#include "link/link.h"
#include "partner/enrolment.h"
#include "partner/parent.h"
#include "partner/self.h"

void today_init(struct today *t, struct ctx *lasting, int64_t campaign_id,
                const struct currency *cur)
{
	*t = (struct today){ .c = lasting, .campaign_id = campaign_id, .currency = cur };
	table_init(&t->partners, sizeof(struct today_partner));
	table_init(&t->links, sizeof(struct offer));
}

void today_free(struct today *t)
{
	table_free(&t->partners);
	table_free(&t->links);
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
		                     .parent_from = row.parent_from,
		                     .standing = STANDING_CLOSED,
		                     .above = intake_standing_of((enum partner_status)row.status) };
	p->email = arena_str(t->c->arena, row.email);
	p->payout_account = arena_str(t->c->arena, row.payout_account);
	if (!enrolled)
		return true;
	p->standing = p->above = intake_standing_of(enrolment_status(&row, &e));
	return read_override(t, &e, p);
}

bool today_find(struct today *t, int64_t partner_id, const struct today_partner **out)
{
	struct today_partner *p = table_add(&t->partners, partner_id, 0, NULL);

	bool ok = true;

	if (p->id == 0) {
		ahead_lock(t->ahead);
		ok = read_partner(t, partner_id, p);
		ahead_unlock(t->ahead);
	}
	*out = p;
	return ok;
}

static bool read_offer(struct today *t, int64_t link_id, struct offer *out)
{
	struct link link;

	return link_get(t->c, link_id, &link)
	       && (link.reward.n == 0 || offer_doc_parse(t->c, link.reward, t->currency, out));
}

/* The link's own reward, if it has one. */
static bool find_offer(struct today *t, int64_t link_id, struct offer *out)
{
	struct offer *known;
	bool fresh, ok = true;

	*out = (struct offer){ 0 };
	if (link_id == 0)
		return true;
	known = table_add(&t->links, link_id, 0, &fresh);
	if (fresh) {
		ahead_lock(t->ahead);
		ok = read_offer(t, link_id, known);
		ahead_unlock(t->ahead);
	}
	*out = *known;
	return ok;
}

bool today_credit(struct today *t, int64_t partner_id, int64_t link_id, struct credit *out)
{
	const struct today_partner *p;

	if (!today_find(t, partner_id, &p))
		return false;
	t->credits = true;
	*out = (struct credit){
		.partner_id = partner_id,
		.link_id = link_id,
		.standing = p->standing,
		.group = p->group,
		.override = p->override,
		.override_from_ms = p->override_from_ms,
		.override_until_ms = p->override_until_ms,
	};
	return find_offer(t, link_id, &out->own);
}

unsigned today_self_holds(const struct today *t, int64_t partner_id, struct str email)
{
	const struct today_partner *p = table_find(&t->partners, partner_id, 0);

	CHECK(p);
	return self_holds(p->email, p->payout_account, email);
}

static bool read_moves(struct today *t, struct today_partner *p)
{
	struct list *moves = ARENA_NEW(t->c->arena, struct list);

	bool ok;

	ahead_lock(t->ahead);
	ok = parent_list(t->c, p->id, moves);
	ahead_unlock(t->ahead);
	p->moves = ok ? moves : NULL;
	return ok;
}

bool today_parent(struct today *t, int64_t partner_id, int64_t at_ms, int64_t *out_id)
{
	const struct today_partner *found;
	struct today_partner *p;

	if (!today_find(t, partner_id, &found))
		return false;
	p = table_find(&t->partners, partner_id, 0);
	*out_id = p->parent_id;
	if (p->parent_from <= at_ms)
		return true;
	*out_id = 0;
	if (!p->moves && !read_moves(t, p))
		return false;
	for (size_t i = 0; i < p->moves->count; i++) {
		const struct parent_move *m = (const struct parent_move *)p->moves->items + i;

		if (m->since > at_ms)
			continue;
		*out_id = m->parent_id;
		break;
	}
	return true;
}
