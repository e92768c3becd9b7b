/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ACCESS_ACCESS_H
#define ACCESS_ACCESS_H

#include "access/cache.h"
#include "access/rate.h"
#include "net/http.h"
#include "org/org.h"
#include "user/key.h"
#include "user/member.h"

/*
 * Access: who sends a request, and may they do what its route says?
 *
 * First the facts are collected: the key or session that came with the request and
 * the organisation it is about; from memory, or else from the control data. Then
 * access_admit decides by the columns of the route and nothing else.
 *
 * An organisation that does not exist and one that is not the user's give the same
 * answer, so that nobody learns who else is here.
 */

struct access_config {
	size_t rows;         /* kept in memory; 0: 16384 */
	int64_t max_age_ms;  /* of rows in memory; 0: for ever (one server on this data) */
};

struct access {
	struct cache *cache;
	struct rate *keys;      /* requests of each key */
	struct rate *failures;  /* wrong keys and passwords, by address and account */
	struct rate *seen;      /* sessions whose use has been noted */
};

struct access *access_new(const struct access_config *config);
void access_free(struct access *a);

/* Have memory forget rows of this kind once the change at hand is committed. */
void access_changed(struct ctx *c, enum cache_kind kind);

/*
 * Does an address tell one sender from another? This machine's own does not: behind a proxy that is
 * not trusted everybody has it, and one of them must not use up what all have together.
 */
bool access_tells_apart(struct str ip);

/* An organisation that is in memory. */
bool access_org(struct access *a, struct arena *arena, int64_t id, struct org *out);

enum ask_by { ASK_NOBODY, ASK_KEY, ASK_SESSION };

/* What a request brings along. */
struct ask {
	enum ask_by by;
	struct str hash;        /* of the key or the session's token */
	struct str ip;          /* where it comes from */
	struct str org;         /* slug or id in the path; "": the key's, or none */
	int64_t partner_id;     /* the partner named in the path; 0: none */
	struct cache_moment at; /* taken before anything is read */
};

/* A session together with its user. */
struct session_known {
	int64_t id;
	int64_t user_id;
	struct str name;
	int64_t seen_at;
	int64_t expires_at;
	bool disabled;
};

struct facts {
	bool key_found, session_found, org_found;
	bool key_stray; /* key is there, but not from this address: key_found is false */
	struct key_known key;
	struct session_known session;
	struct org org;
	/* of the session's user in the organisation, for ask's partner if it names one */
	struct standing_in standing;
};

/* Collect the facts from memory alone; false when the control data must be asked. */
bool access_find(struct access *a, struct arena *arena, const struct ask *ask, struct facts *out);

/* Collect them with c->control, and keep them in memory. Not finding something is no error. */
bool access_load(struct ctx *c, const struct ask *ask, struct facts *out);

/*
 * Decide: sets c->actor and c->org_id. ERR_SIGN_IN: nobody (or nobody known) asks; ERR_NOT_FOUND:
 * no such organisation for them; ERR_DENIED: role, permission or scope is missing.
 */
bool access_admit(struct ctx *c, const struct route *route, const struct ask *ask,
                  const struct facts *facts);

extern const struct sql *const access_sql[];

#endif
