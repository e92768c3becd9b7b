/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARTNER_ENROLMENT_H
#define PARTNER_ENROLMENT_H

#include "partner/partner.h"

/*
 * Enrolments: a partner in a campaign, with its group and its own reward.
 *
 * At most one per partner and campaign. The status has the meanings of enum
 * partner_status, in this campaign alone.
 */

/* override_recurring: how long the partner's own reward lasts. */
#define OVERRIDE_RECURRING_UNSET (-2)   /* as the next rule says */
#define OVERRIDE_RECURRING_FOREVER (-1) /* every invoice */

struct enrolment {
	int64_t id;
	int64_t campaign_id;
	int64_t partner_id;
	int64_t status;            /* enum partner_status */
	int64_t decided_status;    /* as in struct partner */
	struct str group_name;     /* a key of the terms' "groups", or "" */
	struct str override_reward; /* a reward as in the terms document, or "" */
	int64_t override_from;     /* 0: always been */
	int64_t override_until;    /* 0: for ever; otherwise the first moment it no longer counts */
	int64_t override_recurring; /* months, or one of the two above */
	struct str note;
	int64_t created_at;
	int64_t decided_at;
	struct str decided_by;
};

/* What PUT /partners/:id/override takes. */
struct partner_override {
	int64_t campaign_id;
	struct str reward;
	int64_t from, until;
	int64_t recurring_months;
};

/* What PUT /partners/:id/group takes. */
struct partner_group {
	int64_t campaign_id;
	struct str group; /* "" takes the partner out */
};

extern const struct model enrolment_model;
extern const struct model partner_group_model;
extern const struct model partner_override_model;
extern const struct sql *const enrolment_sql[];

bool enrolment_find(struct ctx *c, int64_t campaign_id, int64_t partner_id, struct enrolment *out,
                    bool *out_found);

/* All of a partner, oldest first: items are struct enrolment. */
bool enrolment_list(struct ctx *c, int64_t partner_id, struct list *out);

/* Those of a campaign by partner, from behind this one: at most `most` struct enrolment. */
bool enrolment_page(struct ctx *c, int64_t campaign_id, int64_t after_partner_id, int64_t most,
                    struct list *out);

/* What the partner may do in the campaign: the stricter of the two. */
enum partner_status enrolment_status(const struct partner *p, const struct enrolment *e);

/* Store a new enrolment; sets id and created_at. The caller has checked that there is none. */
bool enrolment_create(struct ctx *c, struct enrolment *e);

/* A decision about the enrolment alone, with its note. */
bool enrolment_decide(struct ctx *c, const char *action, const struct enrolment *e,
                      enum partner_status status, struct str note);

/*
 * Set, or take away, the partner's own reward. ERR_INVALID on "campaign" if it is not enrolled,
 * under "reward" for the reward, on "until" if it does not come after from.
 */
bool enrolment_set_override(struct ctx *c, int64_t partner_id, const struct partner_override *o,
                            struct enrolment *out);
bool enrolment_clear_override(struct ctx *c, int64_t partner_id, int64_t campaign_id);

/*
 * Put the partner in a group of the campaign ("" takes it out). ERR_INVALID on "group" for one that
 * neither the terms in force nor the latest ones have.
 */
bool enrolment_set_group(struct ctx *c, int64_t partner_id, int64_t campaign_id, struct str group);

#endif
