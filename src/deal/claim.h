/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEAL_CLAIM_H
#define DEAL_CLAIM_H

#include "base/ctx.h"
#include "customer/account.h"
#include "db/db.h"
#include "deal/deal_share.h"
#include "rules/attribute.h"

/*
 * Claims: what deals say about whose a customer is, as candidates of attribution.
 *
 * A registered deal counts from its registration to the end of its protection, also when it was
 * won meanwhile; a lost one until it was lost. One that was declined, or waits, is a candidate too,
 * that loses and says why.
 */

#define CLAIMS_MAX 8 /* the newest deals on an account */

struct claim {
	/* of each of its partners, which share it as agreed; the deal's own first */
	struct candidate touches[DEAL_PARTNERS_MAX];
	size_t touch_count;
	int64_t campaign_id;
};

/* What a deal, as stored, says. */
bool claim_of(struct ctx *c, const struct deal *d, struct claim *out);

/* The claims on a customer with this address and the organisation's id of it, newest first. */
bool claim_list(struct ctx *c, struct str email, struct str external_id,
                struct claim out[CLAIMS_MAX], size_t *out_count);

/* ERR_NOT_FOUND. */
bool claim_get(struct ctx *c, int64_t deal_id, struct claim *out);

extern const struct sql *const claim_sql[];

#endif
