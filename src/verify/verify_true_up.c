/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/verify_replay.h"

#include "base/check.h"
#include "calendar/true_up_sum.h"
#include "partner/enrolment.h"
#include "rules/true_up.h"

static bool compare(struct replay *r, const struct replayed *e, const struct true_up_period *p)
{
	const int64_t months[2] = { p->first_month, p->last_month };
	const struct correction *x = &e->recall.correction;
	struct recount_month sum = recount_sum(r->recount, p->partner_id, p->campaign_id, months);
	struct true_up_before before = { 0 };
	struct ctx *c = r->v->c;
	struct true_up found;
	struct enrolment enrolment;
	bool enrolled;

	if (!true_up_sum(c, p, &sum.counters, e->event->id, &found)
	    || !enrolment_find(c, p->campaign_id, p->partner_id, &enrolment, &enrolled)
	    || (enrolled && !true_up_before(c, &enrolment, x->period, e->event->id, &before)))
		return false;
	if (found.is_minor != x->is_minor || found.was_minor != x->was_minor)
		verify_found(r->v, "%s: trues %lld up to %lld, a recount gives %lld and %lld", e->id,
		             (long long)x->was_minor, (long long)x->is_minor,
		             (long long)found.was_minor, (long long)found.is_minor);
	if (before.minor != x->before_minor)
		verify_found(r->v, "%s: %lld were trued up before it, not %lld", e->id,
		             (long long)before.minor, (long long)x->before_minor);
	return true;
}

bool replay_check_true_up(struct replay *r, const struct replayed *e)
{
	struct true_up_period p = { .campaign_id = e->event->campaign_id,
		                    .partner_id = e->event->partner_id };

	if (!true_up_months(e->recall.correction.period, &p.first_month, &p.last_month)) {
		verify_found(r->v, "%s: trues up no period", e->id);
		return true;
	}
	if (compare(r, e, &p))
		return true;
	if (r->v->c->err.code == ERR_STORAGE)
		return false;
	fail_clear(r->v->c);
	verify_found(r->v, "%s: what it trues up cannot be read", e->id);
	return true;
}
