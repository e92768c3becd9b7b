/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONNECT_STRIPE_SIGNATURE_H
#define CONNECT_STRIPE_SIGNATURE_H

#include "base/str.h"

/*
 * Stripe's webhook signatures, https://docs.stripe.com/webhooks#verify-manually
 *
 * Stripe-Signature: t=<unix seconds>,v1=<hex>[,v1=<hex>…]; each v1 is the HMAC-SHA256
 * of "<t>.<body>" under the endpoint's secret, "whsec_" included. Any one that matches
 * will do; other schemes are ignored.
 */

#define STRIPE_TOLERANCE_SECONDS 300

enum stripe_verdict { STRIPE_GOOD, STRIPE_MALFORMED, STRIPE_TOO_OLD, STRIPE_MISMATCH };

/* Compare in constant time. now_ms is held against t in both directions. */
enum stripe_verdict stripe_verify(struct str header, struct str body, struct str secret,
                                  int64_t now_ms);

#endif
