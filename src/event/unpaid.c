/* SPDX-License-Identifier: Apache-2.0 */
#include "event/unpaid.h"

#include "campaign/terms_cache.h"
#include "commission/commission.h"
#include "data/json_out.h"
#include "event/recall.h"
#include "rules/explain.h"

/* Too large for an arena that is cleared with every request; the engine fills what it uses. */
static _Thread_local struct accrual judged;

/* What kept the event as a whole from earning is the same for all it is credited to. */
static void put_whole(struct ctx *c, const struct terms *t, const struct standing *s,
                      const struct accrual *a, struct list *out)
{
	struct unpaid *all = ARENA_ARRAY(c->arena, struct unpaid, s->credit_count);
	struct buf b;

	buf_init(&b, c->arena);
	explain_nothing_json(&b, t, a);
	for (size_t i = 0; i < s->credit_count; i++)
		all[i] = (struct unpaid){ .partner_id = s->credits[i].partner_id,
			                  .kind = EARNING_OWN,
			                  .gate = a->gate,
			                  .terms_id = a->terms_id,
			                  .explanation = buf_text(&b) };
	*out = (struct list){ .items = all, .count = s->credit_count };
}

void unpaid_judged(struct ctx *c, const struct terms *t, const struct standing *s,
                   const struct accrual *a, struct list *out)
{
	struct unpaid *all;

	*out = (struct list){ 0 };
	if (a->commission_count == a->earning_count && a->gate == GATE_NONE)
		return;
	if (a->earning_count == 0) {
		put_whole(c, t, s, a, out);
		return;
	}
	all = ARENA_ARRAY(c->arena, struct unpaid, a->earning_count);
	out->items = all;
	for (size_t i = 0; i < a->earning_count; i++) {
		const struct earning *e = &a->earnings[i];
		struct buf b;

		if (e->gate == GATE_NONE)
			continue;
		buf_init(&b, c->arena);
		explain_json(&b, t, a, i);
		all[out->count++] = (struct unpaid){ e->partner_id, e->kind, e->gate, a->terms_id,
			                             buf_text(&b) };
	}
}

bool unpaid_of_event(struct ctx *c, const struct event *e, struct list *out)
{
	struct terms_in_force terms;
	struct recall recall;

	*out = (struct list){ 0 };
	if (e->inputs.n == 0 || e->campaign_id == 0)
		return true;
	if (!terms_in_force(c, e->campaign_id, e->occurred_at, &terms)
	    || !recall_read(c, e, terms.terms->currency, &recall))
		return false;
	if (e->type == EVENT_TRUE_UP)
		accrue_correction(terms.terms, &recall.inputs.standing, &recall.correction, &judged);
	else
		accrue(terms.terms, &recall.inputs.standing, &recall.inputs.event, &judged);
	unpaid_judged(c, terms.terms, &recall.inputs.standing, &judged, out);
	return true;
}

void unpaid_print(struct buf *b, const struct unpaid *u)
{
	jw_object(b);
	jw_key_id(b, "partner", ID_PARTNER, u->partner_id);
	jw_key_str(b, "kind", str_from(commission_kind_names[u->kind]));
	jw_key_str(b, "gate", str_from(gate_names[u->gate]));
	jw_key_raw(b, "explanation", u->explanation);
	jw_object_end(b);
}
