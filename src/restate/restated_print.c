/* SPDX-License-Identifier: Apache-2.0 */
#include "restate/restated_print.h"

#include "base/check.h"
#include "base/clock.h"
#include "commission/commission.h"
#include "data/json_out.h"
#include "event/reversal.h"
#include "restate/trued_up.h"
#include "rules/explain.h"

static struct str terms_name(struct ctx *c, const struct restatement *r)
{
	if (r->version == 0)
		return STR("the terms of the restatement");
	return arena_printf(c->arena, "version %lld of the terms", (long long)r->version);
}

static struct str day(struct ctx *c, int64_t at_ms)
{
	return date_str(c->arena, date_from_days(at_ms / MS_PER_DAY));
}

/* "sale of 2026-03-01 was restated"; "true-up of 2026-Q1 was taken back, …" */
static struct str what_happened(struct ctx *c, const struct restated *x, const char *tense)
{
	const struct event *e = x->event;

	if (e->type == EVENT_TRUE_UP)
		return arena_printf(c->arena, "true-up of %.*s %s taken back, since its events"
		                    " are restated", STR_ARG(trued_up_period(e->external_id)),
		                    tense);
	return arena_printf(c->arena, "%s of %.*s %s restated", event_type_names[e->type],
	                    STR_ARG(day(c, e->occurred_at)), tense);
}

/* "4.95 USD = 24.75 USD by version 2 of the terms, less 19.80 USD as it was; …" */
static struct str sentence(struct ctx *c, const struct restated *x, const struct restate_part *p)
{
	struct arena *a = c->arena;
	struct str name = terms_name(c, x->run);
	struct buf b;

	buf_init(&b, a);
	buf_str(&b, money_text(a, restate_difference(p), p->currency));
	buf_printf(&b, " = %.*s by %.*s, less %.*s as it was",
	           STR_ARG(money_text(a, restate_target(p), p->currency)), STR_ARG(name),
	           STR_ARG(money_text(a, p->left_minor, p->currency)));
	if (p->before_minor)
		buf_printf(&b, ", less %.*s restated before",
		           STR_ARG(money_text(a, p->before_minor, p->currency)));
	buf_printf(&b, "; the %.*s: %.*s; due %.*s.", STR_ARG(what_happened(c, x, "was")),
	           STR_ARG(x->run->reason), STR_ARG(day(c, p->matures_at_ms)));
	return buf_text(&b);
}

static void put_restated(struct buf *b, const struct restated *x, const struct restate_part *p)
{
	jw_object(b);
	jw_key_str(b, "step", STR("restated"));
	if (x->run->version)
		jw_key_int(b, "version", x->run->version);
	jw_key_int(b, "is", restate_target(p));
	jw_key_int(b, "was", p->left_minor);
	jw_key_int(b, "before", p->before_minor);
	jw_key_int(b, "result", restate_difference(p));
	jw_key_str(b, "currency", str_from(p->currency->code));
	jw_object_end(b);
}

static void put_hold(struct buf *b, unsigned holds)
{
	if (!holds)
		return;
	jw_object(b);
	jw_key_str(b, "step", STR("hold"));
	jw_key(b, "why");
	commission_put_holds(b, holds);
	jw_object_end(b);
}

static void put_matures(struct buf *b, int64_t at_ms)
{
	jw_object(b);
	jw_key_str(b, "step", STR("matures"));
	jw_key_str(b, "from", STR("corrected"));
	jw_key_time(b, "from_at", at_ms);
	jw_key_int(b, "days", 0);
	jw_key_time(b, "at", at_ms);
	jw_object_end(b);
}

/* How the chosen terms come to what they give, step by step. */
static void put_judged(struct buf *b, const struct restated *x, const struct restate_part *p)
{
	jw_key(b, "judged");
	jw_array(b);
	for (size_t i = 0; i < x->judged->earning_count; i++) {
		const struct earning *e = &x->judged->earnings[i];

		if (e->gate == GATE_NONE && e->partner_id == p->partner_id && e->kind == p->kind
		    && e->currency == p->currency)
			explain_json(b, x->terms, x->judged, i);
	}
	jw_array_end(b);
}

struct str restated_explanation(struct ctx *c, const struct restated *x,
                                const struct restate_part *p)
{
	struct buf b;

	buf_init(&b, c->arena);
	jw_object(&b);
	jw_key_str(&b, "sentence", sentence(c, x, p));
	jw_key_id(&b, "terms", ID_TERMS, x->run->terms_id);
	jw_key_id(&b, "restatement", ID_RESTATEMENT, x->run->id);
	jw_key_id(&b, "of", ID_EVENT, x->event->id);
	jw_key_str(&b, "reason", x->run->reason);
	jw_key(&b, "steps");
	jw_array(&b);
	put_restated(&b, x, p);
	put_hold(&b, p->holds);
	put_matures(&b, p->matures_at_ms);
	jw_array_end(&b);
	put_judged(&b, x, p);
	jw_object_end(&b);
	return buf_text(&b);
}

struct str restated_attribution(struct ctx *c, const struct restated *x)
{
	struct str name = terms_name(c, x->run);

	return reversal_says(
	        c, arena_printf(c->arena, "The %.*s by %.*s: %.*s",
	                        STR_ARG(what_happened(c, x, "is")), STR_ARG(name),
	                        STR_ARG(x->run->reason)));
}

static void put_part(struct buf *b, const struct restate_part *p, bool stopped)
{
	jw_object(b);
	jw_key_int(b, "partner", p->partner_id);
	jw_key_int(b, "kind", p->kind);
	jw_key_str(b, "currency", str_from(p->currency->code));
	jw_key_int(b, "is", restate_target(p));
	jw_key_int(b, "was", p->left_minor);
	jw_key_int(b, "before", p->before_minor);
	if (stopped)
		jw_key_bool(b, "stopped", true);
	jw_object_end(b);
}

struct str restated_inputs(struct ctx *c, const struct restated *x, const bool *stopped)
{
	struct buf b;

	buf_init(&b, c->arena);
	jw_object(&b);
	jw_key_int(&b, "restatement", x->run->id);
	jw_key(&b, "parts");
	jw_array(&b);
	for (size_t i = 0; i < x->sum->count; i++)
		if (restate_difference(&x->sum->parts[i]) != 0)
			put_part(&b, &x->sum->parts[i], stopped[i]);
	jw_array_end(&b);
	jw_object_end(&b);
	return buf_text(&b);
}
