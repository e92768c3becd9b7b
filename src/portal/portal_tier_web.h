/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORTAL_PORTAL_TIER_WEB_H
#define PORTAL_PORTAL_TIER_WEB_H

#include "portal/portal_terms_web.h"

/*
 * How far it is to the next tier: for each campaign whose terms have tiers, what the partner
 * has driven in the period at hand, by the counters that commissions are computed from, and
 * what is missing to the next step. A campaign in which a reward of the partner's own outranks
 * the tiers is left out. Puts "tiers" and "any_tiers" into the view.
 */
bool portal_tier_put(struct portal *o, const struct portal_campaign *all, size_t n);

#endif
