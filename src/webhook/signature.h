/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WEBHOOK_SIGNATURE_H
#define WEBHOOK_SIGNATURE_H

#include "base/arena.h"

#include <stdint.h>

/*
 * Signatures of Standard Webhooks 1.0.0, https://www.standardwebhooks.com
 *
 * A secret is 24 to 64 random bytes, shown as "whsec_" and their base64. The header
 * webhook-signature is "v1," and the base64 of the HMAC-SHA256 of
 * "<webhook-id>.<webhook-timestamp>.<body>" under those bytes; while a secret is being
 * replaced it has one for each, with a blank between.
 */

#define SIGNATURE_SECRETS_MAX 2

/* A new secret of 32 bytes. */
struct str signature_secret(struct arena *a);

struct signature_input {
	struct str id;
	int64_t seconds; /* since the epoch */
	struct str body;
};

/* The value of the header; secrets that are empty are left out. A secret must be well-formed. */
struct str signature_header(struct arena *a, const struct signature_input *in,
                            const struct str secrets[SIGNATURE_SECRETS_MAX]);

#endif
