/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WEBHOOK_ENDPOINT_H
#define WEBHOOK_ENDPOINT_H

#include "outbox/outbox.h"

/*
 * Endpoints: addresses of an organisation that are told what happens, each with its own
 * secret and the types it wants.
 *
 * The secret is shown when it is made and when it is replaced, and stored sealed
 * (access/seal.h). The one before stays valid for a while, and messages are signed with
 * both. An endpoint is disabled by a person, by answering 410, or when a message has failed
 * for good and nothing else has arrived for ENDPOINT_PATIENCE_MS; reason says which. What
 * waits for a disabled endpoint goes on waiting; nothing new is added.
 */

#define ENDPOINT_MAX 20                           /* of an organisation */
#define ENDPOINT_PATIENCE_MS (3 * 86400000LL)
#define ENDPOINT_KEEP_HOURS 24                    /* the secret before, unless said otherwise */
#define ENDPOINT_KEEP_HOURS_MAX 168
#define ENDPOINT_URL_MAX 2000

enum endpoint_status { ENDPOINT_ENABLED, ENDPOINT_DISABLED };

extern const char *const endpoint_status_names[];

struct endpoint {
	int64_t id;
	struct str url;
	struct str description;
	struct str types;        /* names with commas between; "": all */
	int64_t status;
	struct str reason;       /* why it is disabled */
	struct str secret, secret_before; /* sealed */
	int64_t before_until;    /* the secret before is valid until then; 0: there is none */
	int64_t failing_since;   /* 0: the last attempt was good, or there was none */
	int64_t not_before;      /* it asked to be left alone until then */
	int64_t created_at;
};

extern const struct model endpoint_model;

/* Sets id and created_at; the secret comes back in clear. ERR_INVALID on "url", "types", … */
bool endpoint_create(struct ctx *c, struct endpoint *e, struct str *out_secret);

/* ERR_NOT_FOUND. */
bool endpoint_get(struct ctx *c, int64_t id, struct endpoint *out);
bool endpoint_find(struct ctx *c, int64_t id, struct endpoint *out, bool *out_found);

/* All of the organisation, the newest first; items are struct endpoint. */
bool endpoint_list(struct ctx *c, struct list *out);

/* Stores url, description, types and status; enabling forgets why it was disabled. */
bool endpoint_update(struct ctx *c, const struct endpoint *before, struct endpoint *after);

/* With its deliveries. */
bool endpoint_remove(struct ctx *c, const struct endpoint *e);

/* A new secret; the one before stays valid for so long. */
bool endpoint_rotate(struct ctx *c, struct endpoint *e, int64_t keep_hours, struct str *out_secret);

/* The secrets that messages are signed with now, in clear; the second may be "". */
bool endpoint_secrets(struct ctx *c, const struct endpoint *e, struct str out[2]);

/* Does it want this type? */
bool endpoint_wants(const struct endpoint *e, int64_t type);

/* What an attempt has shown: stores failing_since and not_before if they differ from before. */
bool endpoint_note(struct ctx *c, const struct endpoint *before, const struct endpoint *after);

/* By the program itself, with an entry in the audit log. */
bool endpoint_disable(struct ctx *c, struct endpoint *e, struct str reason);

/* The consumer of the outbox (outgoing.c). */
bool endpoint_wanted(struct ctx *c, uint64_t *out_types);

extern const struct sql *const endpoint_sql[];

#endif
