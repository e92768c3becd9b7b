/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONNECT_HOOK_H
#define CONNECT_HOOK_H

#include "base/ctx.h"
#include "base/field.h"
#include "db/db.h"

/*
 * Hooks: what providers sent, kept as it came before anything is done with it. A body that is no
 * text (UTF-8 without NUL), which not every database would take, is kept in base64 behind
 * "base64:".
 *
 * A hook is stored once per provider's id of it; the same one again changes
 * nothing. What cannot be understood yet (a refund whose payment is not known)
 * waits and is tried again when more has come, and by the job `hooks`.
 */

enum hook_status {
	HOOK_WAITING,  /* 0: the index hook_waiting says so */
	HOOK_DONE,
	HOOK_IGNORED,  /* nothing to do about this kind, or not here: see note */
	HOOK_FAILED,   /* refused, with the reason in note */
};

extern const char *const hook_status_names[];

struct hook {
	int64_t id;
	struct str provider;
	struct str external_id;
	struct str type;
	struct str body;
	int64_t status;
	struct str note;
	int64_t received_at;
	int64_t done_at;
};

extern const struct model hook_model;

/* The error at hand, as a note says it. */
struct str hook_reason(const struct ctx *c);

/* ERR_NOT_FOUND. */
bool hook_get(struct ctx *c, int64_t id, struct hook *out);

/* Keep one; *out_fresh is false if it was here already. Sets the id of a fresh one. */
bool hook_keep(struct ctx *c, struct hook *h, bool *out_fresh);

/*
 * What a provider does with a hook: sets h->status and h->note. False on any refusal;
 * what it did is then undone and the hook is marked failed.
 */
typedef bool (*hook_fn)(struct ctx *c, struct hook *h);

/* Run fn on a hook inside a savepoint and store its outcome. False only if the storage fails. */
bool hook_handle(struct ctx *c, struct hook *h, hook_fn fn);

/* Try those that wait again, oldest first, at most `most`. */
bool hook_retry(struct ctx *c, struct str provider, int64_t most, hook_fn fn);

/* Which sale a provider's object belongs to. */
bool hook_ref_put(struct ctx *c, struct str ref, struct str sale_id);
bool hook_ref_find(struct ctx *c, struct str ref, struct str *out_sale_id, bool *out_found);

extern const struct sql *const hook_sql[];

#endif
