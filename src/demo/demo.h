/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEMO_DEMO_H
#define DEMO_DEMO_H

#include "app.h"
#include "base/buf.h"

/*
 * Demo data: an agency with two brands and a year behind them.
 *
 * Nothing is put into tables: organisations, partners, links, clicks, sales,
 * renewals, refunds and payouts go through the same functions as the API's, day by
 * day, with the clock of that day. The same seed gives the same story; its dates
 * end today.
 */

/* Make the data unless it is there; *out_made tells. The work and the click path are running. */
bool demo_fill(struct ctx *c, struct app *app, bool *out_made);

/* Who can sign in and with what, one line each, for the terminal. */
void demo_accounts(struct buf *b);

#endif
