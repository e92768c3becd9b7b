/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLICK_REDIRECT_H
#define CLICK_REDIRECT_H

#include "click/click.h"
#include "net/http.h"

/*
 * Answer GET /:slug with a redirect, and remember that it happened.
 *
 * Runs on the loop threads and must never wait: no SQL, no locks, no logging, no memory
 * but the request's arena. HEAD is redirected without a record and without a click id;
 * a prefetch is recorded with CLICK_PREFETCH; a suspended link is followed without a record.
 * When the journal has no room the visitor is redirected all the same.
 *
 * Budget: 3 µs, shown by bench/click.
 */

/* The clicks that redirect_run works on; set once before the server starts. */
void redirect_use(struct clicks *k);

/* Route handler: args[0] is the slug. Always answers: 302, or a small 404 page. */
bool redirect_run(struct ctx *c, const struct req *q, struct res *r);

#endif
