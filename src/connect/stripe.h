/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONNECT_STRIPE_H
#define CONNECT_STRIPE_H

#include "connect/hook.h"

/*
 * Stripe: from its events to ours, https://docs.stripe.com/api/events/types
 *
 *   checkout.session.completed  a lead (and, for one-off payments, a sale) with the
 *                               click id from metadata.click_id or client_reference_id
 *   invoice.paid                a sale, in the old shape and in that of API 2025-03-31 and later
 *   invoice_payment.paid        which payment intent and charge belong to which invoice
 *   charge.refunded             a refund, from the cumulative amount_refunded
 *   charge.dispute.created, .updated, .closed
 *                               a dispute that is opened, won or lost; warnings move nothing
 *   customer.subscription.deleted
 *                               the customer has left
 *
 * A sale's id is that of its invoice, or of its payment intent when there is none. The
 * customer's id is metadata.customer_id or Stripe's customer. The first invoice of a
 * subscription waits up to STRIPE_WAIT_MS for its checkout session, which says who
 * referred it; a refund or dispute waits for its payment. Amounts are in Stripe's minor units,
 * which differ from ISO 4217 for ISK, UGX and MGA.
 *
 * Stripe's test mode belongs to a sandbox and its live mode to any other organisation: an event
 * whose `livemode` says otherwise is ignored, with a note. One that does not say is taken.
 */

#define STRIPE_WAIT_MS 3600000LL

/* A hook_fn: see hook.h. */
bool stripe_take(struct ctx *c, struct hook *h);

#endif
