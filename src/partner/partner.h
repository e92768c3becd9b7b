/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARTNER_PARTNER_H
#define PARTNER_PARTNER_H

#include "base/ctx.h"
#include "base/field.h"
#include "db/db.h"

/*
 * Partners: the people and companies an organisation pays commission to.
 *
 * One partner per e-mail address and organisation, enrolled in any number of
 * campaigns (enrolment.h). A partner's own status counts in all of them: what it
 * may do in a campaign is the stricter of its own status and its enrolment's.
 * Partners are banned, never deleted: ledger entries refer to them for ever.
 * parent_id is the upline partner by the latest decision; partner/parent.h has its history.
 */

enum partner_status {
	PARTNER_PENDING,   /* waits for a person's decision */
	PARTNER_APPROVED,
	PARTNER_DECLINED,
	PARTNER_SUSPENDED, /* events are recorded, commissions held */
	PARTNER_BANNED,    /* nothing accrues */
};

extern const char *const partner_status_names[];

struct partner {
	int64_t id;
	struct str email;          /* unique within the organisation, ASCII letters in lower case */
	struct str name;
	struct str country;        /* ISO 3166-1 alpha-2, or "" */
	struct str external_id;    /* the organisation's own name for it, or "" */
	int64_t parent_id;         /* 0: none */
	int64_t parent_from;       /* since when, or from when on; 0: since ever (parent.h) */
	int64_t status;
	int64_t decided_status;    /* pending, approved or declined: what reinstating leads to */
	struct str payout_account; /* where payouts go; meaning depends on the method */
	struct str metadata; /* data/metadata.h */
	int64_t created_at;
};

/* What POST /partners takes: a partner and the campaign to join. */
struct partner_new {
	struct str name, email;
	int64_t campaign_id;
	struct str country;
	int64_t parent_id;
	struct str external_id;
	struct str payout_account;
	struct str metadata;
	int64_t status; /* -1: as the campaign says */
};

extern const struct model partner_model;
extern const struct model partner_new_model;
extern const struct sql *const partner_sql[];

/* ERR_NOT_FOUND on "id" if this organisation has no such partner. */
bool partner_get(struct ctx *c, int64_t id, struct partner *out);

/* The same, but ERR_INVALID on `field`: for a partner named in a body. */
bool partner_named(struct ctx *c, const char *field, int64_t id, struct partner *out);

bool partner_find_email(struct ctx *c, struct str email, struct partner *out, bool *out_found);

/*
 * Store a partner and enrol it, or enrol the one that has this address already. Whoever is
 * enrolled with the status approved is approved as a partner, too; one that was declined waits
 * for a decision unless a status is given.
 * ERR_CONFLICT on "email" if it is in the campaign; ERR_INVALID on "campaign",
 * "parent"; ERR_STATE if the campaign takes nobody or the partner is banned.
 */
bool partner_enrol(struct ctx *c, const struct partner_new *in, struct partner *out);

/*
 * Another status, on the record as `action` with the note. Suspended or banned, the partner
 * keeps what was decided about it before.
 */
bool partner_set_status(struct ctx *c, const char *action, struct partner *p,
                        enum partner_status status, struct str note);

/* What is decided about somebody who comes to have this status: that, or still what it was. */
enum partner_status partner_decided(enum partner_status status, int64_t before);

/*
 * Store the changed fields. Another parent is a move (parent.h), which counts from after's
 * parent_from: 0 is now, and without a move what it was. ERR_CONFLICT on "email".
 */
bool partner_update(struct ctx *c, const struct partner *before, const struct partner *after);

/* ERR_NOT_FOUND unless the actor may see this partner's rows (a partner sees its own only). */
bool partner_visible(struct ctx *c, int64_t partner_id);

#endif
