/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WHATIF_TODAY_H
#define WHATIF_TODAY_H

#include "base/ahead.h"
#include "base/ctx.h"
#include "rules/input.h"
#include "whatif/table.h"

/*
 * Today: how partners stand in the campaign now, for what was not stored with an event.
 * Read when a partner is first asked for, then kept in mind.
 */

struct today_partner {
	int64_t id;              /* 0: not read yet */
	int64_t parent_id, parent_from;
	const struct list *moves; /* of struct parent_move, the newest first; NULL: not read */
	enum partner_standing standing; /* as one who is credited … */
	enum partner_standing above;    /* … and as one above, who need not be enrolled */
	struct str email, payout_account, group;
	struct offer override;
	int64_t override_from_ms, override_until_ms;
};

struct today {
	struct ctx *c;           /* its arena lasts */
	int64_t campaign_id;
	const struct currency *currency;
	struct table partners, links;
	struct ahead *ahead;     /* who reads at the same time, or NULL */
	bool uplines, credits;   /* whether anything was taken from here, for chains and credits */
};

void today_init(struct today *t, struct ctx *lasting, int64_t campaign_id,
                const struct currency *cur);
void today_free(struct today *t);

/* *out holds until the next call. False with the error in t->c. */
bool today_find(struct today *t, int64_t partner_id, const struct today_partner **out);

/*
 * A partner as one who is credited, by a link (0: none); in no way who stands above it, what it
 * has driven, and its share.
 */
bool today_credit(struct today *t, int64_t partner_id, int64_t link_id, struct credit *out);

/* Signs that the customer with this address is the partner (self.h). It has been found before. */
unsigned today_self_holds(const struct today *t, int64_t partner_id, struct str email);

/* Who stood above a partner at a moment; 0: nobody. */
bool today_parent(struct today *t, int64_t partner_id, int64_t at_ms, int64_t *out_id);

#endif
