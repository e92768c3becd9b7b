/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/explain.h"
#include "base/check.h"
#include "rules/write.h"

/* One step, with the accrual it belongs to. */
struct view {
	struct buf *b;
	const struct terms *t;
	const struct accrual *a;
	const struct earning *e; /* NULL: of the whole event */
	const struct step *s;
};

static void put_rule(const struct view *v)
{
	write_name(v->b, "rule", rule_names[v->s->rule]);
	if (v->s->rule == RULE_CONDITION || v->s->rule == RULE_TIER)
		write_int(v->b, "index", v->s->index);
	if (v->s->name.n > 0)
		write_str(v->b, v->s->rule == RULE_GROUP ? "group" : "attribute", v->s->name);
}

/* Of a tier that was taken: what was driven, and where it begins. */
static void put_reached(const struct view *v)
{
	if (v->s->rule != RULE_TIER)
		return;
	write_int(v->b, "is", v->e->driven);
	write_int(v->b, "from", v->t->tiers[v->s->index].from);
}

static void put_base(const struct view *v)
{
	write_int(v->b, "amount", v->s->a);
	write_int(v->b, "tax", v->s->b);
	write_int(v->b, "shipping", v->s->c);
	write_name(v->b, "base", v->s->index ? "gross" : "net");
	write_int(v->b, "result", v->s->result);
	write_name(v->b, "currency", v->s->currency->code);
}

static void put_fx_rate(const struct view *v, const char *name, int64_t rate)
{
	struct buf text;

	buf_init(&text, v->b->arena);
	fx_rate_put(&text, rate);
	write_str(v->b, name, buf_text(&text));
}

static void put_convert(const struct view *v)
{
	const struct fx *fx = v->s->index ? &v->a->reward_fx[v->s->index - 1] : &v->a->fx;

	write_int(v->b, "of", v->s->a);
	write_name(v->b, "from", fx->from->code);
	put_fx_rate(v, "from_rate", fx->from_rate);
	write_name(v->b, "to", fx->to->code);
	put_fx_rate(v, "to_rate", fx->to_rate);
	buf_puts(v->b, ",\"date\":\"");
	write_date(v->b, fx->day * MS_PER_DAY);
	buf_char(v->b, '"');
	write_int(v->b, "result", v->s->result);
	write_name(v->b, "currency", v->s->currency->code);
}

static void put_skip(const struct view *v)
{
	put_rule(v);
	write_name(v->b, "why", why_names[v->s->why]);
	if (v->s->why == WHY_NOT_REACHED || v->s->why == WHY_HIGHER_TIER) {
		write_int(v->b, "is", v->s->a);
		write_int(v->b, "from", v->s->b);
	} else if (v->s->why == WHY_NOT_YET) {
		write_time(v->b, "from", v->s->b);
	} else if (v->s->why == WHY_EXPIRED) {
		write_time(v->b, "until", v->s->b);
	}
}

static void put_percent(const struct view *v)
{
	put_rule(v);
	put_reached(v);
	write_rate(v->b, "rate", v->s->a);
	write_int(v->b, "of", v->s->b);
	write_int(v->b, "result", v->s->result);
}

static void put_fixed(const struct view *v)
{
	put_rule(v);
	put_reached(v);
	write_int(v->b, "amount", v->s->a);
	if (v->s->b != 1 || v->s->c != 1) {
		write_int(v->b, "quantity", v->s->b);
		write_int(v->b, "quantity_of", v->s->c);
	}
	write_int(v->b, "result", v->s->result);
	write_name(v->b, "currency", v->s->currency->code);
}

static void put_duration(const struct view *v)
{
	write_name(v->b, "rule", rule_names[v->s->rule]);
	put_reached(v);
	write_int(v->b, "months", v->s->a);
	write_int(v->b, "invoice", v->s->b);
}

static void put_window(const struct view *v)
{
	write_int(v->b, "days", v->s->a);
	write_time(v->b, "referred_at", v->s->b);
	write_time(v->b, "at", v->s->c);
}

static void put_share(const struct view *v)
{
	buf_puts(v->b, ",\"shares\":[");
	for (size_t i = 0; i < v->a->share_count; i++) {
		if (i > 0)
			buf_char(v->b, ',');
		buf_int(v->b, v->a->shares[i]);
	}
	buf_char(v->b, ']');
	write_int(v->b, "part", v->s->index);
	write_int(v->b, "of", v->s->b);
	write_int(v->b, "result", v->s->result);
}

static void put_true_up(const struct view *v)
{
	write_str(v->b, "period", v->s->name);
	write_int(v->b, "events", v->s->index);
	write_int(v->b, "is", v->s->a);
	write_int(v->b, "was", v->s->b);
	write_int(v->b, "before", v->s->c);
	write_int(v->b, "result", v->s->result);
	write_name(v->b, "currency", v->s->currency->code);
}

static void put_override(const struct view *v)
{
	write_int(v->b, "level", v->s->index);
	write_rate(v->b, "rate", v->s->a);
	write_int(v->b, "of", v->s->b);
	write_id(v->b, "below", ID_PARTNER, v->s->c);
	write_int(v->b, "result", v->s->result);
	write_name(v->b, "currency", v->s->currency->code);
}

static void put_left(const struct view *v)
{
	write_int(v->b, "of", v->s->a);
	write_int(v->b, "result", v->s->result);
}

static void put_give(const struct view *v)
{
	write_int(v->b, "amount", v->s->a);
	write_id(v->b, "to", ID_PARTNER, v->s->c);
	write_int(v->b, "of", v->s->b);
	write_int(v->b, "result", v->s->result);
}

static void put_cap(const struct view *v)
{
	const struct cap *cap = &v->t->caps[v->s->index];

	write_name(v->b, "scope", cap_scope_names[cap->scope]);
	write_name(v->b, "period", period_names[cap->period]);
	write_int(v->b, "limit", v->s->a);
	write_int(v->b, "used", v->s->b);
	write_int(v->b, "cut", v->s->c);
	write_int(v->b, "result", v->s->result);
}

static void put_hold(const struct view *v)
{
	const char *sep = ",\"why\":[\"";

	for (int bit = 0; bit < HOLD_BITS; bit++) {
		if (!(v->s->a >> bit & 1))
			continue;
		buf_puts(v->b, sep);
		buf_puts(v->b, hold_names[bit]);
		sep = "\",\"";
	}
	buf_puts(v->b, "\"]");
}

static void put_matures(const struct view *v)
{
	write_name(v->b, "from", v->s->index ? "cleared" : "event");
	write_time(v->b, "from_at", v->s->b);
	write_int(v->b, "days", v->s->a);
	write_time(v->b, "at", v->s->result);
}

static void put_gate(const struct view *v)
{
	write_name(v->b, "gate", gate_names[v->s->why]);
	switch ((enum gate)v->s->why) {
	case GATE_TRIGGER:
		write_name(v->b, "event", trigger_names[v->s->a]);
		write_name(v->b, "trigger", trigger_names[v->s->b]);
		break;
	case GATE_DELAY:
		write_int(v->b, "invoice", v->s->a);
		write_int(v->b, "delay_invoices", v->s->b);
		break;
	case GATE_DURATION:
		write_int(v->b, "invoice", v->s->a);
		write_int(v->b, "months", v->s->b);
		break;
	case GATE_WINDOW:
		write_time(v->b, "at", v->s->a);
		write_time(v->b, "until", v->s->b);
		break;
	default:
		break;
	}
}

static const struct {
	const char *name;
	void (*put)(const struct view *v);
} kinds[] = {
	[STEP_BASE] = { "base", put_base },
	[STEP_CONVERT] = { "convert", put_convert },
	[STEP_SKIP] = { "skip", put_skip },
	[STEP_PERCENT] = { "percent", put_percent },
	[STEP_FIXED] = { "fixed", put_fixed },
	[STEP_DURATION] = { "duration", put_duration },
	[STEP_WINDOW] = { "window", put_window },
	[STEP_SHARE] = { "share", put_share },
	[STEP_TRUE_UP] = { "true_up", put_true_up },
	[STEP_OVERRIDE] = { "override", put_override },
	[STEP_LEFT] = { "left", put_left },
	[STEP_GIVE] = { "give", put_give },
	[STEP_CAP] = { "cap", put_cap },
	[STEP_HOLD] = { "hold", put_hold },
	[STEP_MATURES] = { "matures", put_matures },
	[STEP_GATE] = { "gate", put_gate },
};

static void put_steps(struct view *v, uint32_t from, uint32_t count, bool first)
{
	for (uint32_t i = from; i < from + count; i++) {
		v->s = &v->a->steps[i];
		buf_puts(v->b, first ? "{\"step\":\"" : ",{\"step\":\"");
		if (v->s->code == STEP_OVERRIDE && v->s->index == 0)
			buf_puts(v->b, "recruiting");
		else
			buf_puts(v->b, kinds[v->s->code].name);
		buf_char(v->b, '"');
		kinds[v->s->code].put(v);
		buf_char(v->b, '}');
		first = false;
	}
}

/* The sentence is quoted in place: it holds no character that needs escaping but group names. */
static void put_sentence(struct view *v, const struct earning *e)
{
	struct buf sentence;

	buf_init(&sentence, v->b->arena);
	if (e)
		explain_sentence(&sentence, v->t, v->a, (size_t)(e - v->a->earnings));
	else
		explain_nothing_sentence(&sentence, v->t, v->a);
	write_text(v->b, buf_text(&sentence));
}

static void put_all(struct buf *b, const struct terms *t, const struct accrual *a,
                    const struct earning *e)
{
	struct view v = { .b = b, .t = t, .a = a, .e = e };
	bool base = !e || e->kind == EARNING_OWN;

	buf_puts(b, "{\"sentence\":");
	put_sentence(&v, e);
	if (a->terms_id)
		write_id(b, "terms", ID_TERMS, a->terms_id);
	buf_puts(b, ",\"steps\":[");
	if (base)
		put_steps(&v, 0, e ? a->common_count : a->step_count, true);
	if (e)
		put_steps(&v, e->step_from, e->step_count, !base || a->common_count == 0);
	buf_puts(b, "]}");
}

void explain_json(struct buf *b, const struct terms *t, const struct accrual *a, size_t earning)
{
	CHECK(earning < a->earning_count);
	put_all(b, t, a, &a->earnings[earning]);
}

void explain_nothing_json(struct buf *b, const struct terms *t, const struct accrual *a)
{
	CHECK(a->commission_count == 0 && a->gate != GATE_NONE);
	put_all(b, t, a, a->earning_count > 0 ? &a->earnings[0] : NULL);
}
