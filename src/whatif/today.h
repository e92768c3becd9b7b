/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WHATIF_TODAY_H
#define WHATIF_TODAY_H

#include "base/ctx.h"
#include "rules/input.h"
#include "whatif/table.h"

/*
 * Today: how partners stand in the campaign now, for what was not stored with an event.
 * Read when a partner is first asked for, then kept in mind.
 */

struct today_partner {
	int64_t id, parent_id;   /* id 0: not read yet */
	enum partner_standing standing; /* as one who is credited … */
	enum partner_standing above;    /* … and as one above, who need not be enrolled */
	struct str group;
	struct offer override;
	int64_t override_from_ms, override_until_ms;
};

struct today {
	struct ctx *c;           /* its arena lasts */
	int64_t campaign_id;
	const struct currency *currency;
	struct table partners;
	bool uplines, credits;   /* whether anything was taken from here, for chains and credits */
};

void today_init(struct today *t, struct ctx *lasting, int64_t campaign_id,
                const struct currency *cur);
void today_free(struct today *t);

/* *out holds until the next call. False with the error in t->c. */
bool today_find(struct today *t, int64_t partner_id, const struct today_partner **out);

#endif
