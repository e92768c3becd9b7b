/* SPDX-License-Identifier: Apache-2.0 */
#include "campaign/terms_doc.h"

#include "data/json_out.h"
#include "rules/names.h"

static void key_name(struct buf *b, const char *key, const char *name)
{
	jw_key_str(b, key, str_from(name));
}

static void key_percent(struct buf *b, const char *key, int64_t ppm)
{
	jw_key_str(b, key, percent_text(b->arena, ppm));
}

void reward_doc_print(struct buf *b, const struct reward *r, const struct currency *cur)
{
	jw_object(b);
	key_name(b, "type", reward_type_names[r->type]);
	if (r->type == REWARD_PERCENTAGE)
		key_percent(b, "value", r->rate_ppm);
	else
		jw_key_int(b, "amount", r->amount_minor);
	if (r->type == REWARD_FIXED && r->currency != cur)
		key_name(b, "currency", r->currency->code);
	jw_object_end(b);
}

static void put_months(struct buf *b, int32_t months)
{
	jw_key(b, "recurring_months");
	if (months == MONTHS_LIFETIME)
		jw_null(b);
	else
		jw_int(b, months);
}

/* The members alone, inside an object that is open. */
static void put_offer(struct buf *b, const struct offer *f, const struct currency *cur)
{
	if (f->reward.type != REWARD_NONE) {
		jw_key(b, "reward");
		reward_doc_print(b, &f->reward, cur);
	}
	if (f->has_months)
		put_months(b, f->recurring_months);
}

void offer_doc_print(struct buf *b, const struct offer *f, const struct currency *cur)
{
	jw_object(b);
	put_offer(b, f, cur);
	jw_object_end(b);
}

static bool default_priority(const struct attribution_rules *a)
{
	static const enum signal usual[] = { SIGNAL_OWNED, SIGNAL_DEAL, SIGNAL_CODE, SIGNAL_LINK,
		                             SIGNAL_UTM };

	if (a->priority_count != SIGNAL_COUNT)
		return false;
	for (size_t i = 0; i < SIGNAL_COUNT; i++)
		if (a->priority[i] != usual[i])
			return false;
	return true;
}

static void put_priority(struct buf *b, const struct attribution_rules *a)
{
	jw_key(b, "priority");
	jw_array(b);
	for (size_t i = a->priority[0] == SIGNAL_OWNED && a->priority_count > 1; i < a->priority_count;
	     i++)
		jw_str(b, str_from(signal_names[a->priority[i]]));
	jw_array_end(b);
}

static void put_ownership(struct buf *b, const struct attribution_rules *a)
{
	jw_key(b, "ownership");
	if (a->ownership != OWNERSHIP_DAYS) {
		jw_str(b, str_from(ownership_names[a->ownership]));
		return;
	}
	jw_object(b);
	jw_key_int(b, "days", a->ownership_days);
	jw_object_end(b);
}

static void put_attribution(struct buf *b, const struct terms *t)
{
	const struct attribution_rules *a = &t->attribution;
	bool usual = default_priority(a);

	if (a->model == MODEL_LAST && a->cookie_days == TERMS_COOKIE_DAYS && usual
	    && a->ownership == OWNERSHIP_LIFETIME && a->deal_days == TERMS_DEAL_DAYS)
		return;
	jw_key(b, "attribution");
	jw_object(b);
	if (a->model != MODEL_LAST)
		key_name(b, "model", model_names[a->model]);
	if (a->cookie_days != TERMS_COOKIE_DAYS)
		jw_key_int(b, "cookie_days", a->cookie_days);
	if (!usual)
		put_priority(b, a);
	if (a->ownership != OWNERSHIP_LIFETIME)
		put_ownership(b, a);
	if (a->deal_days != TERMS_DEAL_DAYS)
		jw_key_int(b, "deal_days", a->deal_days);
	jw_object_end(b);
}

static void put_tiers(struct buf *b, const struct terms *t)
{
	if (t->tier_count == 0)
		return;
	jw_key(b, "tiers");
	jw_object(b);
	key_name(b, "by", tiers_by_names[t->tiers_by]);
	if (t->tiers_period != PERIOD_LIFETIME)
		key_name(b, "period", period_names[t->tiers_period]);
	if (t->counts_current)
		jw_key_bool(b, "counts_current", true);
	if (t->retroactive)
		jw_key_bool(b, "retroactive", true);
	jw_key(b, "steps");
	jw_array(b);
	for (size_t i = 0; i < t->tier_count; i++) {
		jw_object(b);
		jw_key_int(b, "from", t->tiers[i].from);
		put_offer(b, &t->tiers[i].offer, t->currency);
		jw_object_end(b);
	}
	jw_array_end(b);
	jw_object_end(b);
}

static void put_key(struct buf *b, struct str key)
{
	jw_str(b, key);
	buf_char(b, ':');
}

/* One value as a text, several as a list. */
static void put_list(struct buf *b, const struct value_list *list)
{
	if (list->count == 1) {
		jw_str(b, list->values[0]);
		return;
	}
	jw_array(b);
	for (size_t i = 0; i < list->count; i++)
		jw_str(b, list->values[i]);
	jw_array_end(b);
}

static void put_values(struct buf *b, const char *key, const struct value_list *list)
{
	if (list->count == 0)
		return;
	jw_key(b, key);
	put_list(b, list);
}

static void put_amount(struct buf *b, const struct condition *w)
{
	if (!w->has_amount_from && !w->has_amount_below)
		return;
	jw_key(b, "amount");
	jw_object(b);
	if (w->has_amount_from)
		jw_key_int(b, "from", w->amount_from);
	if (w->has_amount_below)
		jw_key_int(b, "below", w->amount_below);
	jw_object_end(b);
}

static void put_attributes(struct buf *b, const struct condition *w)
{
	if (w->attribute_count == 0)
		return;
	jw_key(b, "attributes");
	jw_object(b);
	for (size_t i = 0; i < w->attribute_count; i++) {
		put_key(b, w->attributes[i].key);
		put_list(b, &w->attributes[i].values);
	}
	jw_object_end(b);
}

static void put_condition(struct buf *b, const struct condition *w)
{
	jw_key(b, "if");
	jw_object(b);
	if (w->has_event)
		key_name(b, "event", trigger_names[w->event]);
	put_values(b, "product", &w->product);
	put_values(b, "site", &w->site);
	put_values(b, "country", &w->country);
	put_values(b, "plan", &w->plan);
	if (w->has_renewal)
		jw_key_bool(b, "recurring", w->renewal);
	put_amount(b, w);
	put_attributes(b, w);
	jw_object_end(b);
}

static void put_rewards(struct buf *b, const struct terms *t)
{
	if (t->reward_count == 0)
		return;
	jw_key(b, "rewards");
	jw_array(b);
	for (size_t i = 0; i < t->reward_count; i++) {
		jw_object(b);
		put_condition(b, &t->rewards[i]);
		put_offer(b, &t->rewards[i].offer, t->currency);
		jw_object_end(b);
	}
	jw_array_end(b);
}

static void put_groups(struct buf *b, const struct terms *t)
{
	if (t->group_count == 0)
		return;
	jw_key(b, "groups");
	jw_object(b);
	for (size_t i = 0; i < t->group_count; i++) {
		put_key(b, t->groups[i].name);
		offer_doc_print(b, &t->groups[i].offer, t->currency);
	}
	jw_object_end(b);
}

static void put_chain(struct buf *b, const struct terms *t)
{
	if (t->level_count == 0)
		return;
	jw_key(b, "chain");
	jw_object(b);
	key_name(b, "mode", chain_mode_names[t->chain_mode]);
	key_name(b, "compute", chain_compute_names[t->chain_compute]);
	jw_key(b, "levels");
	jw_array(b);
	for (size_t i = 0; i < t->level_count; i++) {
		jw_object(b);
		key_percent(b, "percent", t->level_ppm[i]);
		jw_object_end(b);
	}
	jw_array_end(b);
	jw_object_end(b);
}

static void put_caps(struct buf *b, const struct terms *t)
{
	if (t->cap_count == 0)
		return;
	jw_key(b, "caps");
	jw_array(b);
	for (size_t i = 0; i < t->cap_count; i++) {
		jw_object(b);
		key_name(b, "scope", cap_scope_names[t->caps[i].scope]);
		if (t->caps[i].period != PERIOD_LIFETIME)
			key_name(b, "period", period_names[t->caps[i].period]);
		jw_key_int(b, "amount", t->caps[i].amount_minor);
		jw_object_end(b);
	}
	jw_array_end(b);
}

static void put_clawback(struct buf *b, const struct terms *t)
{
	if (t->clawback_days == 0 && t->on_refund == CLAWBACK_FULL && t->on_dispute == CLAWBACK_FULL
	    && t->on_churn == CLAWBACK_NONE && !t->reverse_when_disputed
	    && t->clawback_period == PERIOD_LIFETIME)
		return;
	jw_key(b, "clawback");
	jw_object(b);
	if (t->clawback_days > 0)
		jw_key_int(b, "window_days", t->clawback_days);
	key_name(b, "on_refund", clawback_names[t->on_refund]);
	key_name(b, "on_dispute", clawback_names[t->on_dispute]);
	key_name(b, "on_churn", clawback_names[t->on_churn]);
	if (t->reverse_when_disputed)
		key_name(b, "dispute_opened", "reverse");
	if (t->clawback_period != PERIOD_LIFETIME)
		key_name(b, "true_up", period_names[t->clawback_period]);
	jw_object_end(b);
}

static void put_values_of(struct buf *b, const struct terms *t)
{
	key_name(b, "trigger", trigger_names[t->trigger]);
	jw_key(b, "reward");
	reward_doc_print(b, &t->standard.reward, t->currency);
	if (t->standard.recurring_months != MONTHS_LIFETIME)
		put_months(b, t->standard.recurring_months);
	if (t->delay_invoices > 0)
		jw_key_int(b, "delay_invoices", t->delay_invoices);
	if (t->window_days > 0)
		jw_key_int(b, "window_days", t->window_days);
	if (t->base_gross)
		key_name(b, "base", "gross");
	if (t->hold_days != TERMS_HOLD_DAYS)
		jw_key_int(b, "hold_days", t->hold_days);
	if (t->minimum_payout_minor > 0)
		jw_key_int(b, "minimum_payout", t->minimum_payout_minor);
}

void terms_doc_print(struct buf *b, const struct terms *t)
{
	jw_object(b);
	put_values_of(b, t);
	put_attribution(b, t);
	put_tiers(b, t);
	put_rewards(b, t);
	put_groups(b, t);
	put_chain(b, t);
	if (t->recruiting_ppm > 0) {
		jw_key(b, "recruiting");
		jw_object(b);
		key_percent(b, "percent", t->recruiting_ppm);
		jw_object_end(b);
	}
	put_caps(b, t);
	put_clawback(b, t);
	jw_object_end(b);
}
