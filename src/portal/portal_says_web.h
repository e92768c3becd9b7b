/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORTAL_PORTAL_SAYS_WEB_H
#define PORTAL_PORTAL_SAYS_WEB_H

#include "commission/commission.h"
#include "partner/partner.h"
#include "payout/payout.h"
#include "web/page.h"

/*
 * What a status means for the partner who reads it: what it is, why, until when, and what
 * the reader can do. Whole sentences, in the words of ordinary people.
 */

struct str portal_says_commission(const struct page *p, const struct commission *m);
struct str portal_says_payout(const struct page *p, const struct payout *x);

/* What the partner may do in a campaign, from enum partner_status; "" when all is well. */
struct str portal_says_standing(const struct page *p, int64_t status);

/* The same statuses as one badge {tone, icon, text, means} in the reader's words. */
json_t *portal_says_standing_badge(int64_t status);

/* Why a commission is held, from its explanation: "a; b", or a person's decision. */
struct str portal_says_hold(const struct page *p, const struct commission *m);

#endif
