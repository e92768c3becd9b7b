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

enum demo_state { DEMO_NONE, DEMO_HALF, DEMO_WHOLE };

/*
 * How much of it is there: a half when somebody ended the program while it was made. ERR_STATE on
 * "data" when there are organisations or people of somebody else: the demo does not mix with them.
 */
bool demo_look(struct ctx *c, struct app *app, enum demo_state *out);

/*
 * Make all of it. The work and the click path are running. ERR_STATE when stopped() was true between
 * two days of the story: then a half is there, which can only be thrown away.
 */
bool demo_fill(struct ctx *c, struct app *app, bool (*stopped)(void));

/* Who can sign in and with what, one line each, for the terminal. */
void demo_accounts(struct buf *b);

#endif
