/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEAL_DEAL_STEP_H
#define DEAL_DEAL_STEP_H

#include "deal/deal.h"

/*
 * Decisions about a deal. Each is in the audit log, and in deal_history.
 *
 *	approve   review, declined      protected from now on, for as long as the terms say
 *	decline   review
 *	extend    registered, expired   protected longer
 *	win       registered, expired   with what happened inside its protection; records the event
 *	                                "deal_closed" with the id deal/<its id>
 *	lose      registered, expired   the protection is over
 *
 * A protection that begins or goes on is refused while another partner's deal on the account is
 * protected.
 */

#define DEAL_EXTEND_DAYS_MAX 366

struct deal_step {
	struct str note;     /* the reason that is kept */
	int64_t days;        /* extend: as many more, from the end of the protection or from now */
	int64_t amount;      /* win: 0 is what was expected */
	struct str currency; /* win: of the amount; "" is the deal's */
	struct str customer; /* win: the organisation's id of the customer; "" is the deal's */
	int64_t occurred_at; /* win: 0 is now */
};

/* What each call takes. */
extern const struct model deal_note_model;   /* approve, lose: the note may be left out */
extern const struct model deal_reason_model; /* decline: the note must be there */
extern const struct model deal_extend_model;
extern const struct model deal_win_model;

/*
 * *d is what has become of it. ERR_STATE on "stage" where the step is not possible; ERR_INVALID on
 * "currency", "customer" and "occurred_at".
 */
bool deal_approve(struct ctx *c, struct deal *d, const struct deal_step *step);
bool deal_decline(struct ctx *c, struct deal *d, const struct deal_step *step);
bool deal_extend(struct ctx *c, struct deal *d, const struct deal_step *step);
bool deal_win(struct ctx *c, struct deal *d, const struct deal_step *step);
bool deal_lose(struct ctx *c, struct deal *d, const struct deal_step *step);

/* May the step be taken at this stage? For pages. */
bool deal_can(int64_t stage, bool (*step)(struct ctx *, struct deal *, const struct deal_step *));

#endif
