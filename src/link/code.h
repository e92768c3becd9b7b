/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LINK_CODE_H
#define LINK_CODE_H

#include "base/ctx.h"
#include "base/field.h"
#include "db/db.h"

/*
 * Codes: what a partner says or prints, and a customer types in or redeems.
 *
 * Stored and compared in upper case; unique within the organisation. Several
 * codes may name the same partner and campaign. A code may stand for one of the
 * partner's links: what comes by it is the link's, and the link's own reward counts.
 */

enum code_status { CODE_ACTIVE, CODE_DISABLED };

extern const char *const code_status_names[];

struct code {
	int64_t id;
	struct str code;
	int64_t partner_id;
	int64_t campaign_id;
	int64_t link_id;     /* 0: none */
	int64_t status;
	struct str metadata; /* data/metadata.h */
	int64_t created_at;
};

extern const struct model code_model;
extern const struct sql *const code_sql[];

bool code_get(struct ctx *c, int64_t id, struct code *out); /* ERR_NOT_FOUND on "id" */

/* Active or not, in any letter case. */
bool code_find(struct ctx *c, struct str text, struct code *out, bool *out_found);

/*
 * ERR_CONFLICT on "code" if it is taken; ERR_INVALID on "partner", "campaign", "link"; ERR_STATE as
 * links.
 */
bool code_create(struct ctx *c, struct code *code);
bool code_update(struct ctx *c, const struct code *code); /* status */

#endif
