/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONNECT_PROVIDER_H
#define CONNECT_PROVIDER_H

#include "base/ctx.h"
#include "db/db.h"

/*
 * Providers: the payment services an organisation has connected, each with the
 * secret that signs its webhooks.
 *
 * Secrets are sealed (XSalsa20-Poly1305, libsodium's secretbox) with the key of the
 * data directory before they are stored and are never shown again; the hint is
 * their last four characters. Changing a secret keeps the one before, because
 * providers sign with the old one for a while.
 */

struct provider {
	struct str name;    /* "stripe" */
	struct str secrets[2]; /* in clear: the current one, then the one before; may be empty */
	struct str hint;
	int64_t created_at;
};

/* Connect, or change the secret. ERR_INVALID on "webhook_secret". */
bool provider_put(struct ctx *c, struct str name, struct str secret);

bool provider_find(struct ctx *c, struct str name, struct provider *out, bool *out_found);

/* ERR_NOT_FOUND. */
bool provider_remove(struct ctx *c, struct str name);

extern const struct sql *const provider_sql[];

#endif
