/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/verify_replay.h"

#include "base/clock.h"
#include "fx/fx_rate.h"

static bool check_rate(struct replay *r, const struct replayed *e, const struct fx *fx)
{
	struct fx known;

	if (!fx->from || fx->from == fx->to)
		return true;
	if (fx->day > e->event->occurred_at / MS_PER_DAY)
		verify_found(r->v, "%s: was converted at a rate of a later day", e->id);
	if (!fx_rate_find(r->v->c, fx->from, fx->to, fx->day, &known))
		return false;
	if (!known.from || known.day != fx->day || known.from_rate != fx->from_rate
	    || known.to_rate != fx->to_rate)
		verify_found(r->v, "%s: was converted from %s to %s at rates that are not those of %.*s",
		             e->id, fx->from->code, fx->to->code,
		             STR_ARG(fx_day_text(r->v->c->arena, fx->day)));
	return true;
}

bool replay_check_rate(struct replay *r, const struct replayed *e)
{
	const struct occurrence *o = &e->recall.inputs.event;

	for (size_t i = 0; i < o->reward_fx_count; i++)
		if (!check_rate(r, e, &o->reward_fx[i]))
			return false;
	return check_rate(r, e, &o->fx);
}
