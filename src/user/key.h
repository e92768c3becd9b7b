/* SPDX-License-Identifier: Apache-2.0 */
#ifndef USER_KEY_H
#define USER_KEY_H

#include "base/ctx.h"
#include "base/field.h"
#include "db/db.h"

/*
 * API keys: "sk_live_", or "sk_test_" of a sandbox, and 52 letters of base32, 256 random bits.
 * What is hashed is the whole text: with the other beginning it is no key.
 *
 * The key is shown once, when it is made; stored is its hash and a hint (its last
 * four letters). A key belongs to one organisation and acts for the organisation,
 * within its scopes. A revoked key stops at once: the cache forgets keys with the
 * commit of the revocation, before that is answered.
 *
 * Scopes are words with commas between: `all`; `read` and `write` (of everything
 * but access itself); `NOUN:read` and `NOUN:write`; `admin` (members, keys, audit).
 * Writing includes reading. `-money` and `-personal_data` take a permission away.
 *
 * A key may be bound to addresses (base/network.h). From anywhere else it is answered as if
 * there were no such key: a thief does not learn that it is good for something. That it came
 * from there is in the audit log.
 */

#define KEY_SCOPES_MAX 1000

struct key {
	int64_t id;
	struct str name;
	struct str hash;
	struct str hint;
	struct str scopes;
	struct str allowed_ips; /* networks with commas between; "": from anywhere */
	struct str api_version; /* the newest when it was made; what its requests are taken for */
	int64_t created_by; /* user, or 0 */
	int64_t created_at;
	int64_t last_used_at; /* to ten minutes; 0: never */
	int64_t revoked_at; /* 0: in use */
};

extern const struct model key_model;
extern const struct sql *const key_sql[];

/*
 * Make a key for c->org_id; name, scopes and allowed_ips are given. ERR_INVALID on "name",
 * "scopes", "allowed_ips". A key makes no key that may do more than itself, or be used from where
 * it may not: ERR_DENIED. Without addresses the new one has those of its maker.
 */
bool key_create(struct ctx *c, struct key *k, struct str *out_secret);

/* Keys of c->org_id, the latest first, the revoked ones too. */
bool key_list(struct ctx *c, struct list *out);

/* ERR_NOT_FOUND if c->org_id has no such key. Revoking twice changes nothing. */
bool key_revoke(struct ctx *c, int64_t id);

/* The stored form of a key; "" for texts that cannot be one. */
struct str key_hash(struct arena *a, struct str secret);

/* What the dispatcher knows of a key; found by its hash whatever the organisation. */
struct key_known {
	int64_t org_id;
	int64_t id;
	struct str name;
	struct str scopes;
	struct str allowed_ips; /* read already: the bytes of struct network, one after the other */
	struct str api_version;
	int64_t revoked_at;
};
extern const struct model key_known_model;
bool key_find_hash(struct ctx *c, struct str hash, struct key_known *out, bool *out_found);

/* May it be used from this address? Where it is bound, never from what is no address. */
bool key_allows(const struct key_known *k, struct str ip);

/* The network around an address that a key was refused for: what may be kept of it. */
struct str key_stray_from(struct arena *a, struct str ip);

/* Have it in the audit log that a key was refused there. */
bool key_stray(struct ctx *c, int64_t id, struct str from);

/* Remember that a key of c->org_id is used now. */
bool key_used(struct ctx *c, int64_t id);

/* The role of a key with these scopes: what it may give to others. */
enum role key_role(struct str scopes);

/* A key of c->org_id as the one who acts; with no role when it is gone or revoked. */
bool key_actor(struct ctx *c, int64_t id, struct actor *out);

/* Do these scopes include the needed one ("partners:write"; NULL: any key will do)? */
bool scope_allows(struct str scopes, const char *need);

/* Is this very word among them? */
bool scope_has(struct str scopes, const char *word);

#endif
