/* SPDX-License-Identifier: Apache-2.0 */
#include "portal/portal_tier_web.h"
#include "base/money.h"
#include "campaign/terms_cache.h"
#include "data/json.h"
#include "event/standing.h"
#include "rules/choose.h"
#include "web/say.h"

static struct str amount_of(const struct page *p, const struct terms *t, int64_t value)
{
	return t->tiers_by == TIERS_REVENUE ? money_text(p->c->arena, value, t->currency)
	                                    : say_number(p->c->arena, value);
}

static const char *unit_of(const struct terms *t)
{
	static const char *const units[] = {
		[TIERS_NONE] = "", [TIERS_REVENUE] = "referred revenue", [TIERS_SALES] = "sales",
		[TIERS_CUSTOMERS] = "customers", [TIERS_PROJECTS] = "projects",
	};

	return units[t->tiers_by];
}

static const char *when_of(const struct terms *t)
{
	static const char *const whens[] = {
		[PERIOD_LIFETIME] = "so far", [PERIOD_YEAR] = "this year",
		[PERIOD_QUARTER] = "this quarter", [PERIOD_MONTH] = "this month",
	};

	return whens[t->tiers_period];
}

static struct str reward_of(const struct page *p, const struct offer *f)
{
	if (f->reward.type == REWARD_PERCENTAGE)
		return arena_printf(p->c->arena, "%.*s %%",
		                    STR_ARG(percent_text(p->c->arena, f->reward.rate_ppm)));
	if (f->reward.type == REWARD_FIXED)
		return money_text(p->c->arena, f->reward.amount_minor, f->reward.currency);
	return STR("the next tier");
}

/* What counts without the tiers: the group's reward, or the campaign's. */
static const struct offer *below_tiers(const struct terms *t, const struct enrolment *e)
{
	const struct offer *group = choose_group(t, e->group_name);

	return group && group->reward.type != REWARD_NONE ? group : &t->standard;
}

static void put_tier(const struct page *p, const struct portal_campaign *m,
                     const struct terms *t, int64_t done, json_t *view)
{
	int32_t at = choose_tier(t, done);
	const struct tier *next = (size_t)at + 1 < t->tier_count ? &t->tiers[at + 1] : NULL;
	const struct offer *now = at >= 0 ? &t->tiers[at].offer : below_tiers(t, &m->enrolment);
	const char *more = t->tiers_by == TIERS_REVENUE ? "" : unit_of(t);

	json_set_str(view, "campaign", m->campaign.name);
	json_set_str(view, "now", reward_of(p, now));
	json_set_str(view, "says",
	             arena_printf(p->c->arena, "%.*s %s %s.", STR_ARG(amount_of(p, t, done)),
	                          unit_of(t), when_of(t)));
	if (!next)
		return;
	json_set_str(view, "next", reward_of(p, &next->offer));
	json_set_str(view, "to_go",
	             arena_printf(p->c->arena, "%.*s%s%s",
	                          STR_ARG(amount_of(p, t, next->from - done)), *more ? " " : "", more));
	json_set_int(view, "goal", next->from);
	json_set_int(view, "done", done > 0 ? done : 0);
}

static bool outranked(const struct page *p, const struct enrolment *e)
{
	return e->override_reward.n > 0 && e->override_from <= p->c->now_ms
	    && (e->override_until == 0 || e->override_until > p->c->now_ms);
}

static bool put_campaign(struct portal *o, const struct portal_campaign *m, json_t *list)
{
	struct page *p = &o->page;
	struct terms_in_force now;
	struct counters driven = { 0 };
	int64_t months[2];
	json_t *view;

	if (!terms_in_force(p->c, m->campaign.id, p->c->now_ms, &now))
		return false;
	if (now.terms->tier_count == 0 || !m->shares || outranked(p, &m->enrolment))
		return true;
	standing_period(now.terms->tiers_period, standing_month(p->org.timezone, p->c->now_ms),
	                &months[0], &months[1]);
	if (!standing_counters(p->c, o->partner.id, m->campaign.id, months, &driven))
		return false;
	view = json_object();
	json_array_append_new(list, view);
	put_tier(p, m, now.terms, choose_counter(now.terms, &driven), view);
	return true;
}

bool portal_tier_put(struct portal *o, const struct portal_campaign *all, size_t n)
{
	json_t *list = json_array();

	json_object_set_new(o->page.view, "tiers", list);
	for (size_t i = 0; i < n; i++)
		if (!put_campaign(o, &all[i], list))
			return false;
	json_set_bool(o->page.view, "any_tiers", json_array_size(list) > 0);
	return true;
}
