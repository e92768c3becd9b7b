/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULES_ATTRIBUTE_H
#define RULES_ATTRIBUTE_H

#include "rules/input.h"

/*
 * Attribution: which partners an event is credited to, from the customer's touches.
 *
 * Pure, as the engine. The strongest signal of the campaign's priority that has a touch left
 * wins; the model (last, first, linear, position) decides within that signal. Shares always
 * add up to PPM_ONE. Every touch that lost says why.
 *
 * A customer who has bought stays with the owner for as long as the terms say; what others do
 * meanwhile does not count, unless the priority names "owned" after other signals. A lead's
 * owner, before anything was bought, comes after all touches.
 */

#define CANDIDATES_MAX 64

/* What the caller has found wrong with a touch. */
enum candidate_fault {
	CANDIDATE_FINE, CANDIDATE_DEAL_EXPIRED, CANDIDATE_DEAL_DECLINED,
	CANDIDATE_DIRECT_CONTACT, CANDIDATE_UNAUTHORISED_SITE, CANDIDATE_BOT, CANDIDATE_INACTIVE,
	CANDIDATE_SELF
};

struct candidate {
	enum signal signal;      /* not SIGNAL_OWNED */
	bool named;              /* SIGNAL_CODE: no code was used, the caller named the partner */
	enum candidate_fault fault;
	int64_t partner_id, link_id, click_id;
	int64_t deal_id;         /* SIGNAL_DEAL: touches of one deal belong together … */
	int64_t share_ppm;       /* … and may share it: 0 is an equal part */
	int64_t at_ms;
	int64_t until_ms;        /* end of a deal's protection; 0: none */
};

/* Who owns the customer since when; several if the credit was shared then. */
struct owner {
	int64_t partner_id, link_id;
	int64_t share_ppm;
};

struct contest {
	const struct candidate *touches; /* any order, at most CANDIDATES_MAX: the newest */
	size_t touch_count;
	const struct owner *owners;
	size_t owner_count;
	int64_t owned_since_ms;
	bool has_bought;             /* a sale has been credited to the owners */
	int64_t at_ms;               /* when the event happened */
};

enum lost {
	LOST_NOT, LOST_EXPIRED, LOST_LATER_THAN_EVENT, LOST_SIGNAL, LOST_UNLISTED, LOST_EARLIER,
	LOST_LATER, LOST_OWNED, LOST_OWNERSHIP_OVER, LOST_DEAL_EXPIRED, LOST_DEAL_DECLINED,
	LOST_DIRECT_CONTACT, LOST_UNAUTHORISED_SITE, LOST_BOT, LOST_INACTIVE, LOST_SELF,
	LOST_TOO_MANY, LOST_COUNT
};

struct credited {
	int64_t partner_id, link_id, click_id;
	int64_t share_ppm;
	enum signal signal;
	bool named;
	int64_t at_ms;
};

/* What became of one touch. */
struct verdict {
	int64_t partner_id, link_id;
	int64_t deal_id, until_ms; /* as in the candidate */
	enum signal signal;
	bool named;
	enum lost lost;
	int64_t at_ms;
	int64_t share_ppm;
};

struct attribution {
	struct credited credited[CREDITS_MAX]; /* in the order of their first counted touch */
	size_t credited_count;
	/* of touches, oldest first; then owners */
	struct verdict verdicts[CANDIDATES_MAX + CREDITS_MAX];
	size_t verdict_count;
	enum signal signal;      /* that decided; SIGNAL_COUNT if nobody is credited */
	enum attribution_model model;
	int32_t cookie_days;     /* 0: no terms were looked at, as there was no contact */
	int64_t at_ms;
};

void attribute(const struct attribution_rules *r, const struct contest *c,
               struct attribution *out);

#endif
