/* SPDX-License-Identifier: Apache-2.0 */
#include "partner/partner_step.h"

#include "base/check.h"
#include "base/id.h"
#include "campaign/campaign.h"
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

#define BACK (-1) /* to what was decided before */

/* What a step leads to, and from where it is possible. */
struct step_rule {
	const char *action; /* in the audit log; the part after the dot is the step's name */
	int to;             /* enum partner_status, or BACK */
	unsigned from;
	bool decides;       /* about an application: not while suspended or banned */
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
	[PARTNER_REINSTATE] = { "partner.reinstate", BACK,
	                        FROM(PARTNER_SUSPENDED) | FROM(PARTNER_BANNED), false,
	                        OUTBOX_PARTNER_REINSTATED },
};

static bool possible(const struct step_rule *rule, int64_t status)
{
	return rule->from & FROM((unsigned)status);
}

bool partner_step_possible(enum partner_step_kind kind, int64_t status)
{
	CHECK(kind >= 0 && kind < (int)LEN(rules));
	return possible(&rules[kind], status);
}

static enum partner_status leads_to(const struct step_rule *rule, int64_t decided_status)
{
	return (enum partner_status)(rule->to == BACK ? decided_status : rule->to);
}

static bool set_partner(struct ctx *c, const struct step_rule *rule, struct partner *p,
                        struct str note)
{
	return partner_set_status(c, rule->action, p, leads_to(rule, p->decided_status), note);
}

static bool set_enrolment(struct ctx *c, const struct step_rule *rule, const struct enrolment *e,
                          struct str note)
{
	return enrolment_decide(c, rule->action, e, leads_to(rule, e->decided_status), note);
}

static bool need_standing(struct ctx *c, const struct step_rule *rule, const struct partner *p)
{
	if (!rule->decides || !possible(&rules[PARTNER_REINSTATE], p->status))
		return true;
	return fail(c, ERR_STATE, "status", "the partner is %s: reinstate it first",
	            partner_status_names[p->status]);
}

/* ---- The partner as a whole. */

/* It is no step for the partner; is it one for a campaign? */
static bool refuse_all(struct ctx *c, const struct step_rule *rule, const struct partner *p)
{
	const char *status = partner_status_names[p->status];
	struct list list;

	if (!enrolment_list(c, p->id, &list))
		return false;
	for (size_t i = 0; i < list.count; i++) {
		const struct enrolment *e = (struct enrolment *)list.items + i;

		if (possible(rule, e->status))
			return fail(c, ERR_STATE, "status", "the partner as a whole is %s; in %.*s it is"
			            " %s: name that campaign", status,
			            STR_ARG(id_str(c->arena, ID_CAMPAIGN, e->campaign_id)),
			            partner_status_names[e->status]);
	}
	return fail(c, ERR_STATE, "status", "this is not possible for a partner who is %s", status);
}

/* The enrolments that wait, and those that were declined as the partner was; how many there were. */
static bool decide_all(struct ctx *c, const struct step_rule *rule, const struct partner *p,
                       struct str note, size_t *out_count)
{
	struct list list;

	*out_count = 0;
	if (!rule->decides)
		return true;
	if (!enrolment_list(c, p->id, &list))
		return false;
	for (size_t i = 0; i < list.count; i++) {
		const struct enrolment *e = (struct enrolment *)list.items + i;

		if (!possible(rule, e->status)
		    || (e->status != PARTNER_PENDING && e->status != p->status))
			continue;
		if (!set_enrolment(c, rule, e, note))
			return false;
		++*out_count;
	}
	return true;
}

static bool step_all(struct ctx *c, const struct step_rule *rule, struct partner *p,
                     struct str note)
{
	size_t count;

	if (!need_standing(c, rule, p) || !decide_all(c, rule, p, note, &count))
		return false;
	if (possible(rule, p->status))
		return set_partner(c, rule, p, note);
	return count > 0 || refuse_all(c, rule, p);
}

/* ---- One campaign. */

static bool refuse_one(struct ctx *c, const struct step_rule *rule, const struct partner *p,
                       const struct enrolment *e)
{
	const char *status = partner_status_names[e->status];

	if (possible(rule, p->status))
		return fail(c, ERR_STATE, "status", "the partner is %s in this campaign, but %s as a"
		            " whole: leave the campaign out", status, partner_status_names[p->status]);
	return fail(c, ERR_STATE, "status", "this is not possible for a partner who is %s in this"
	            " campaign", status);
}

/* Has the partner been declined wherever it is? */
static bool declined_everywhere(struct ctx *c, int64_t partner_id, bool *out)
{
	struct list list;

	if (!enrolment_list(c, partner_id, &list))
		return false;
	*out = true;
	for (size_t i = 0; i < list.count; i++)
		if (((struct enrolment *)list.items)[i].decided_status != PARTNER_DECLINED)
			*out = false;
	return true;
}

/* Who waits as a partner waits no longer once approved for one campaign, or declined for all. */
static bool follow(struct ctx *c, const struct step_rule *rule, struct partner *p, struct str note)
{
	bool follows = rule->to == PARTNER_APPROVED;

	if (!rule->decides || !possible(rule, p->status))
		return true;
	if (rule->to == PARTNER_DECLINED && !declined_everywhere(c, p->id, &follows))
		return false;
	return !follows || set_partner(c, rule, p, note);
}

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
	if (!need_standing(c, rule, p))
		return false;
	if (!possible(rule, e.status))
		return refuse_one(c, rule, p, &e);
	return set_enrolment(c, rule, &e, step->note)
	    && follow(c, rule, p, step->note);
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
