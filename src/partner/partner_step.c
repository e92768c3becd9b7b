/* SPDX-License-Identifier: Apache-2.0 */
#include "partner/partner_step.h"

#include "base/check.h"
#include "base/id.h"
#include "campaign/campaign.h"
#include "change/change.h"
#include "data/json_out.h"
#include "link/link.h"
#include "outbox/outbox.h"
#include "partner/engagement.h"
#include "partner/enrolment.h"

static const struct field fields[] = {
	FIELD(struct partner_step, campaign_id, .json = "campaign", .flags = IN | NULLABLE,
	      .as = AS_ID, .id = ID_CAMPAIGN),
	FIELD(struct partner_step, note, .flags = IN | NULLABLE, .max = 1000),
};

const struct model partner_step_model = MODEL("step", fields);

#define FROM(status) (1u << (status))

/* What a step leads to, and from where it is possible. */
struct step_rule {
	const char *action; /* in the audit log; the part after the dot is the step's name */
	enum partner_status to;
	unsigned from;
	bool joins;         /* concerns the enrolments that wait, too */
	enum outbox_type tells;
};

static const struct step_rule rules[] = {
	[PARTNER_APPROVE] = { "partner.approve", PARTNER_APPROVED,
	                      FROM(PARTNER_PENDING) | FROM(PARTNER_DECLINED), true,
	                      OUTBOX_PARTNER_APPROVED },
	[PARTNER_DECLINE] = { "partner.decline", PARTNER_DECLINED, FROM(PARTNER_PENDING), true,
	                      OUTBOX_PARTNER_DECLINED },
	[PARTNER_SUSPEND] = { "partner.suspend", PARTNER_SUSPENDED,
	                      FROM(PARTNER_APPROVED) | FROM(PARTNER_PENDING), false,
	                      OUTBOX_PARTNER_SUSPENDED },
	[PARTNER_BAN] = { "partner.ban", PARTNER_BANNED, ~FROM(PARTNER_BANNED), false,
	                  OUTBOX_PARTNER_BANNED },
	[PARTNER_REINSTATE] = { "partner.reinstate", PARTNER_APPROVED,
	                        FROM(PARTNER_SUSPENDED) | FROM(PARTNER_BANNED), false,
	                        OUTBOX_PARTNER_REINSTATED },
};

static bool possible(const struct step_rule *rule, int64_t status)
{
	return rule->from & FROM((unsigned)status);
}

static bool refuse(struct ctx *c, int64_t status)
{
	return fail(c, ERR_STATE, "status", "this is not possible for a partner who is %s",
	            partner_status_names[status]);
}

static const struct sql SQL_STATUS = {
	.text = "UPDATE partner SET status = $3 WHERE org_id = $1 AND id = $2",
};

/* What the audit log says: the status before and after, and why. */
static struct str change_text(struct ctx *c, int64_t before, int64_t after, struct str note)
{
	struct buf b;

	buf_init(&b, c->arena);
	jw_object(&b);
	jw_key(&b, "before");
	jw_object(&b);
	jw_key_str(&b, "status", str_from(partner_status_names[before]));
	jw_object_end(&b);
	jw_key(&b, "after");
	jw_object(&b);
	jw_key_str(&b, "status", str_from(partner_status_names[after]));
	if (note.n > 0)
		jw_key_str(&b, "note", note);
	jw_object_end(&b);
	jw_object_end(&b);
	return buf_text(&b);
}

static bool set_status(struct ctx *c, const struct step_rule *rule, struct partner *p,
                       struct str note)
{
	struct str change = change_text(c, p->status, rule->to, note);

	p->status = rule->to;
	return db_exec(c, &SQL_STATUS, ARGS(val_int(p->id), val_int(rule->to)))
	    && change_post(c, rule->action, id_str(c->arena, ID_PARTNER, p->id), change);
}

/* All enrolments that wait; how many there were. */
static bool decide_waiting(struct ctx *c, const struct step_rule *rule, int64_t partner_id,
                           struct str note, size_t *out_count)
{
	struct list list;

	*out_count = 0;
	if (!enrolment_list(c, partner_id, &list))
		return false;
	for (size_t i = 0; i < list.count; i++) {
		const struct enrolment *e = (struct enrolment *)list.items + i;

		if (e->status != PARTNER_PENDING)
			continue;
		if (!enrolment_decide(c, rule->action, e, rule->to, note))
			return false;
		++*out_count;
	}
	return true;
}

/* The partner as a whole. */
static bool step_all(struct ctx *c, const struct step_rule *rule, struct partner *p,
                     struct str note)
{
	size_t waiting = 0;

	if (rule->joins && !decide_waiting(c, rule, p->id, note, &waiting))
		return false;
	if (possible(rule, p->status))
		return set_status(c, rule, p, note);
	return waiting > 0 || refuse(c, p->status);
}

/* One campaign; who is approved for one is no longer waiting as a partner. */
static bool step_one(struct ctx *c, const struct step_rule *rule, struct partner *p,
                     const struct partner_step *step)
{
	struct campaign campaign;
	struct enrolment e;
	bool found;

	if (!campaign_named(c, "campaign", step->campaign_id, &campaign)
	    || !enrolment_find(c, campaign.id, p->id, &e, &found))
		return false;
	if (!found)
		return fail(c, ERR_INVALID, "campaign", "the partner is not in this campaign");
	if (!possible(rule, e.status))
		return refuse(c, e.status);
	if (!enrolment_decide(c, rule->action, &e, rule->to, step->note))
		return false;
	return rule->to != PARTNER_APPROVED || p->status != PARTNER_PENDING
	    || set_status(c, rule, p, step->note);
}

bool partner_take_step(struct ctx *c, enum partner_step_kind kind, int64_t id,
                       const struct partner_step *step)
{
	struct partner p;

	CHECK(kind >= 0 && kind < (int)LEN(rules));
	if (!partner_get(c, id, &p))
		return false;
	if (step->campaign_id ? !step_one(c, &rules[kind], &p, step)
	                      : !step_all(c, &rules[kind], &p, step->note))
		return false;
	return engagement_keep(c, id) && link_refresh_partner(c, id)
	    && outbox_post(c, rules[kind].tells, id);
}

const struct sql *const partner_step_sql[] = { &SQL_STATUS, NULL };
