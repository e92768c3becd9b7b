/* SPDX-License-Identifier: Apache-2.0 */
#ifndef USER_INVITATION_H
#define USER_INVITATION_H

#include "org/org.h"
#include "user/member.h"
#include "user/user.h"

/*
 * Invitations: a link by which the person of an e-mail address joins an organisation.
 *
 * The link has a token (token.h) that is shown once, to whoever invites; there is no mail, they
 * send it as they like. It is good for INVITATION_DAYS and for one use. There is one invitation
 * for each address and role as staff or partner: another one replaces it.
 *
 * Nothing proves who opens a link but having it. So an address that has an account already joins
 * with the password of that account only, and nobody who has a role anywhere gets a password by an
 * invitation. And it is void as soon as whoever made it could not make it any more: has left, lost
 * the role or was shut out (a key: was revoked), or when the organisation or the partner is
 * suspended.
 */

#define INVITATION_DAYS 7

struct invitation {
	int64_t org_id;
	int64_t id;
	struct str email;
	int64_t role;
	int64_t partner_id;    /* 0: staff */
	bool without_money;
	bool without_personal_data;
	struct str token_hash;
	int64_t invited_by;    /* user, or 0 */
	int64_t key_id;        /* API key, or 0; both 0: whoever runs the server */
	int64_t created_at;
	int64_t expires_at;
};

extern const struct model invitation_model;
extern const struct sql *const invitation_sql[];

/* May this actor of the organisation invite somebody as that? Nobody gives what they have not. */
bool invitation_may(const struct actor *a, const struct invitation *i);

/*
 * Make one for c->org_id: email, role, partner_id and permissions are given. In the control lane.
 * ERR_INVALID on "email", "role", "partner", "without"; ERR_DENIED; ERR_CONFLICT on "email" for who
 * is there already; ERR_STATE on "partner" for one that is suspended, banned or declined.
 */
bool invitation_create(struct ctx *c, struct invitation *i, struct str *out_token);

/* The same once more, with a new link; the old one is void. ERR_NOT_FOUND; as above. */
bool invitation_renew(struct ctx *c, int64_t id, struct invitation *out, struct str *out_token);

/* ERR_NOT_FOUND; ERR_DENIED for who could not have made it. */
bool invitation_withdraw(struct ctx *c, int64_t id, struct invitation *out);

/* Those of c->org_id that nobody has used, too old ones too, the latest first; -1: all. */
bool invitation_list(struct ctx *c, int64_t partner_id, struct list *out);

/* Void what is open for somebody who is taken out of an organisation. */
bool invitation_void(struct ctx *c, const struct member *gone);

/* What a link leads to. */
struct invited {
	struct invitation i;
	struct org org;
	struct user user;        /* of the address; id 0: none yet */
	bool has_account;        /* joins with its password; else chooses one */
	struct str partner_name; /* "" for staff */
};

/* Not found are all that cannot be used now, whatever the reason. With the control data. */
bool invitation_find(struct ctx *c, struct str token, struct invited *out, bool *out_found);

/* Who accepts: somebody with an account, or somebody new. */
struct acceptance {
	int64_t user_id;     /* 0: new */
	struct str password; /* the hash that was compared with, or of a new password; "": signed in */
	struct str name;     /* new */
};

/*
 * Join, once. In the control lane; c->actor and c->org_id are the new member's from then on.
 * ERR_NOT_FOUND when the link is no good any more; ERR_STATE when the account has changed meanwhile;
 * ERR_INVALID on "name".
 */
bool invitation_accept(struct ctx *c, struct str token, const struct acceptance *a,
                       struct invited *out);

/* Job step: remove what has been too old for a month. */
bool invitation_prune(struct ctx *c, bool *out_more);

#endif
