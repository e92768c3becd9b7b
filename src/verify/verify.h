/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VERIFY_VERIFY_H
#define VERIFY_VERIFY_H

#include "base/buf.h"
#include "base/ctx.h"
#include "base/id.h"
#include "base/money.h"
#include "db/db.h"
#include "ledger/ledger.h"

/*
 * Verify: proves the books of one organisation, or says exactly where they are wrong.
 *
 * It reads the tables itself, past the features that wrote them, in one read
 * transaction (or several, in threads, that see the same: store_twins), and changes nothing:
 *   - every entry balances, the numbers have no gaps, the hash chain holds;
 *   - each checkpoint is signed with this data directory's key, and says what entries come to;
 *   - balances equal the sums of legs;
 *   - each commission equals its legs, its payouts and its explanation;
 *   - refunds never exceed their sale, and took back what they should;
 *   - each payout equals its items and its entries; nothing is paid twice;
 *   - events, judged again by what was stored of them, earn the same commissions to the cent;
 *   - what restatements have posted is what their events came to then, by their terms;
 *   - every event and every customer is found by its external id, each once;
 *   - clicks that are paid for are there, each once, and by the event of their hour;
 *   - what partners have driven and earned, and whose customers are, equals a recount.
 */

struct verify_counts {
	int64_t events, commissions, entries, payouts;
	int64_t findings;
};

/*
 * Check the organisation in c->org_id; c->db is open for reading. Each finding is a line in
 * *out. False only if the data could not be read.
 */
bool verify_org(struct ctx *c, struct buf *out, struct verify_counts *counts);

struct commission_sums;
struct claims;
struct shapes;
struct reach;

/* For the parts of verify/ only. */
struct verify {
	struct ctx *c;      /* an arena of its own, emptied now and then */
	struct buf *out;
	struct verify_counts *counts;
	struct commission_sums *commissions; /* what entries say of them: verify_legs.h */
	struct claims *claims;               /* what their rows say: claims.h */
	struct shapes *shapes;               /* what explanations look like: shape.h */
	struct reach *reach;                  /* where events and customers are found: reach.h */
	struct ctx *events, *earned;         /* to read ahead by; NULL: not ahead */
};

/* After so many rows an arena is emptied. */
#define VERIFY_RESET 64

/* One finding: a line in the report. */
void verify_found(struct verify *v, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Its text; "none" for what is no id: whoever wrote past the program may have written anything. */
void verify_id(enum id_kind kind, int64_t id, char out[ID_TEXT_MAX]);

/* The text of a currency that lasts as long as v->c->arena, in any case; *last is the caller's. */
struct str verify_currency(struct verify *v, struct str code, const struct currency **last);

/* The parts. False only if the data could not be read. */
bool verify_tables(struct verify *v);      /* sums, by SQL: verify_tables.c */
bool verify_chain(struct verify *v);       /* entries, and what they come to: verify_chain.c */
bool verify_clicks(struct verify *v);      /* clicks that are paid for: verify_clicks.c */
bool verify_replay(struct verify *v);      /* every event again: verify_replay.c */

extern const struct sql *const verify_sql[];
extern const struct sql *const verify_clicks_sql[];
extern const struct sql *const verify_replay_sql[];
extern const struct sql *const verify_restated_sql[];
extern const struct sql *const verify_stood_sql[];
extern const struct sql *const verify_standing_sql[];
extern const struct sql *const verify_parents_sql[];

#endif
