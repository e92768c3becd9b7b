/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEAL_DEAL_SHARE_H
#define DEAL_DEAL_SHARE_H

#include "base/ctx.h"
#include "base/field.h"
#include "db/db.h"

#include <jansson.h>

/*
 * Shares of a deal: whose it is. Nearly always one partner, and then the deal's own row says it
 * all. A joint deal has several, agreed on when it is registered and never changed, with shares
 * that add up to 1 000 000 ppm; only those have rows here. The deal's own partner is the first.
 */

#define DEAL_PARTNERS_MAX 8

struct deal; /* deal/deal.h */

struct deal_share {
	int64_t deal_id;
	int64_t number;     /* from 0, the deal's own partner */
	int64_t partner_id;
	int64_t share_ppm;
};

extern const struct model deal_share_model;

/* The condition by which lists find the deals of a partner, its own and joint ones; `@` is its id. */
#define DEAL_SHARE_LEAD \
	"id IN (SELECT id FROM deal WHERE org_id = $1 AND partner_id = @" \
	" UNION ALL SELECT deal_id FROM deal_share WHERE org_id = $1 AND partner_id = @" \
	" AND number > 0)"

struct deal_shares {
	struct deal_share all[DEAL_PARTNERS_MAX];
	size_t count; /* 0 or 1: it is no joint deal */
};

/*
 * [{"partner", "share_ppm"}, …] as it is sent. ERR_INVALID names the path, such as
 * "shares/1/share_ppm".
 */
bool deal_share_read(struct ctx *c, const json_t *list, struct deal_shares *out);

/*
 * The same as people type it: a line for each further partner, its id and its percent ("prt_… 40");
 * the deal's own partner has what is left. ERR_INVALID on "shares". "" is no joint deal.
 */
bool deal_share_read_lines(struct ctx *c, struct str text, int64_t partner_id,
                           struct deal_shares *out);

/*
 * Do they add up, is the deal's own partner among them, nobody twice, and is each approved in the
 * campaign? Puts its own partner first. ERR_INVALID names the path.
 */
bool deal_share_check(struct ctx *c, int64_t campaign_id, int64_t partner_id,
                      struct deal_shares *shares);

bool deal_share_store(struct ctx *c, int64_t deal_id, const struct deal_shares *shares);

/* Whose it is, its own partner first; asks only about joint deals. */
bool deal_share_list(struct ctx *c, const struct deal *d, struct deal_shares *out);

/* What a partner of a joint deal has of it; 0: nothing. */
bool deal_share_of(struct ctx *c, int64_t deal_id, int64_t partner_id, int64_t *out_ppm);

/* The names of its partners, for each other to read, in order. Rows of name and id. */
bool deal_share_names(struct ctx *c, int64_t deal_id, struct rows *out);

extern const struct sql *const deal_share_sql[];

#endif
