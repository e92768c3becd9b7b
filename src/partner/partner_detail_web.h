/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARTNER_PARTNER_DETAIL_WEB_H
#define PARTNER_PARTNER_DETAIL_WEB_H

#include "partner/partner.h"
#include "web/page.h"

/*
 * Everything about one partner, for its page: enrolments with groups and own rewards,
 * balances, figures of 30 days, recruits, the newest links, codes and commissions, and
 * what people have done.
 */
bool partner_detail_put(struct page *p, const struct partner *partner);

/* balances [{currency, pending, held, payable, in_payout, paid}] of one partner into the view. */
bool partner_detail_balances(struct page *p, int64_t partner_id);

#endif
