/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARTNER_PARENT_H
#define PARTNER_PARENT_H

#include "partner/partner.h"

/*
 * Who stands above a partner, and since when.
 *
 * The partner's row has the latest decision: parent_id, which counts from parent_from (0: since
 * ever). A partner that was ever moved has all decisions in partner_parent as well; rows are
 * only added. Of the decisions that count at a moment, the latest made decides: a move takes
 * the place of one that was planned for later. No move reaches back, so what has been earned
 * keeps the chain of its time; a sale that arrives late is judged by the chain of its time, too.
 *
 * What the decisions come to is kept in partner_place, for whoever looks from above: a row for
 * each time, since <= moment < until, in which a partner stands below another. So who is planned
 * to move is below the old parent until then and below the new one from then on, without anything
 * that would have to happen at that moment.
 */

#define PARENT_DEPTH_MAX 32 /* partners above one another */

struct parent_move {
	int64_t id;          /* in the order of the decisions */
	int64_t partner_id;
	int64_t parent_id;   /* 0: none */
	int64_t since;       /* 0: since ever */
	struct str moved_by;
	int64_t created_at;
};

extern const struct model parent_move_model;
extern const struct sql *const parent_sql[];

/* The parent at a moment, 0 for none. Asks the database only before the latest decision counts. */
bool parent_at(struct ctx *c, const struct partner *p, int64_t at_ms, int64_t *out_parent_id);

/*
 * Before a partner is stored with another parent: checks and records the move, and sets
 * p->parent_from; 0 there is now. ERR_INVALID on "parent" for a partner that does not exist, a
 * circle at any time or too many above one another; on "parent_from" for the past.
 */
bool parent_move(struct ctx *c, const struct partner *before, struct partner *p);

/* The same check for a partner that is new and has the parent since ever; then, once it is stored. */
bool parent_check_new(struct ctx *c, int64_t parent_id);
bool parent_begin(struct ctx *c, const struct partner *p);

/* Somebody directly below a partner. */
struct parent_below {
	int64_t id;
	struct str name;
	int64_t until;       /* a move is planned for then; INT64_MAX: none is */
};

/* All who stand directly below a partner at a moment, at most `limit`, in the order of their ids. */
bool parent_below(struct ctx *c, int64_t partner_id, int64_t at_ms, int64_t limit,
                  struct list *out);

/* Does anybody stand below a partner at a moment? */
bool parent_has_below(struct ctx *c, int64_t partner_id, int64_t at_ms, bool *out);

/* All decisions about a partner, the newest first; empty for one that was never moved. */
bool parent_list(struct ctx *c, int64_t partner_id, struct list *out);

#endif
