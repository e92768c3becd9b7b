/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BENCH_SHARED_HISTORY_H
#define BENCH_SHARED_HISTORY_H

#include "base/ctx.h"
#include "db/store.h"
#include "event/event.h"

/*
 * A history to measure with, made on SQLite by the real pipeline: one organisation, one
 * campaign, 200 partners of whom every fourth is below another, and sales, renewals and refunds.
 * Whatever fails ends the program with a message.
 */

#define HISTORY_PARTNERS 200
#define HISTORY_ORG      1

struct history {
	struct store *store;
	struct arena arena; /* emptied with every batch of events */
	struct ctx c;
	int64_t campaign_id;
	int64_t partners[HISTORY_PARTNERS];
};

/* What is to be made. */
struct history_plan {
	const char *terms; /* of the campaign, as JSON */
	int64_t events;    /* every twentieth is a refund of the sale before it */
	int64_t step_ms;   /* between two of them */
	/* Say of the i-th event, a sale, who buys, and what else is to be said of it. */
	void (*sale)(struct history *h, const struct history_plan *plan, int64_t i,
		     struct track *t);
};

/* The store in a folder, which may hold a history that was made before. */
void history_open(struct history *h, const char *dir);
void history_close(struct history *h);

/* Into a folder that was empty. */
void history_make(struct history *h, const struct history_plan *plan);

/* The campaign of the one that is there. */
void history_find(struct history *h);

/* A transaction on the organisation and, to be read, the control data; org_id 0: that alone. */
void history_begin(struct history *h, int64_t org_id, enum store_mode mode);
void history_commit(struct history *h);

/* Say what failed and end, unless it did not. */
void history_must(bool ok, const struct ctx *c, const char *what);

/* Seconds of processor time so far, of all threads. */
double history_cpu_s(void);

/* Remove a folder and what is in it. */
void history_remove(const char *dir);

#endif
