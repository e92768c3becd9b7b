/* SPDX-License-Identifier: Apache-2.0 */
#ifndef USER_MEMBER_H
#define USER_MEMBER_H

#include "base/ctx.h"
#include "base/field.h"
#include "db/db.h"

/*
 * Members: which user may do what in which organisation.
 *
 * A user has at most one role as staff (partner_id 0) and one row for each partner
 * it acts for (role partner). The permissions `money` and `personal_data` can be
 * taken from any role but owner. Who belongs to a workspace has the same role in
 * each of its organisations (see org/workspace.h). An organisation that has an
 * owner keeps one.
 */

extern const char *const role_names[]; /* in the order of enum role */

struct member {
	int64_t org_id;
	int64_t user_id;
	int64_t partner_id; /* 0: staff */
	int64_t role;       /* enum role */
	bool without_money;
	bool without_personal_data;
	int64_t created_at;
	struct str email;   /* of the user */
	struct str name;
	bool by_workspace;  /* its role comes from the workspace above and is changed there */
	bool can_sign_in;   /* it has a password and is not shut out */
};

extern const struct model member_model; /* with e-mail and name: rows of member_list */
extern const struct sql *const member_sql[];

/*
 * Give a user a role in m->org_id, or change it. ERR_INVALID on "role" (partner with partner 0, or
 * the other way round) and on "without" for owners; ERR_STATE when no owner would be left.
 */
bool member_put(struct ctx *c, const struct member *m);

/* What is open of invitations for it is void. ERR_NOT_FOUND; ERR_STATE for the last owner. */
bool member_remove(struct ctx *c, int64_t org_id, int64_t user_id, int64_t partner_id);

/*
 * Staff of an organisation, also those by its workspace, or with partners everyone; by e-mail
 * address. Whose role is more by the workspace than by itself is there twice.
 */
bool member_list(struct ctx *c, int64_t org_id, bool partners, struct list *out);

/* Who acts for one partner, by e-mail address. */
bool member_list_partner(struct ctx *c, int64_t org_id, int64_t partner_id, struct list *out);

/*
 * What a user is in an organisation: *staff with ROLE_NONE if nothing, by its own row or its
 * workspace's, whichever is more; *out_partner_id is the partner it acts for, 0 for none.
 */
struct standing_in {
	int64_t role;
	bool without_money;
	bool without_personal_data;
	int64_t partner_id;
};
extern const struct model standing_in_model; /* for the cache */
bool member_standing(struct ctx *c, int64_t org_id, int64_t user_id, struct standing_in *out);

/* The same for one certain partner: partner_id is 0 when the user does not act for it. */
bool member_standing_as(struct ctx *c, const struct member *who, struct standing_in *out);

/* The partners that a user acts for in an organisation: one column, ids in their order. */
bool member_partners(struct ctx *c, int64_t org_id, int64_t user_id, struct rows *out);

/* Read the name of a role that is `least` or more; ERR_INVALID on "role" names them all. */
bool member_read_role(struct ctx *c, struct str name, enum role least, int64_t *out);

/* Read "money,personal_data" into *m; ERR_INVALID on "without". */
bool member_read_without(struct ctx *c, struct str text, struct member *m);

#endif
