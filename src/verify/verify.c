/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/verify.h"

#include "base/check.h"
#include "db/store.h"
#include "verify/claims.h"
#include "verify/commission_sums.h"
#include "verify/reach.h"
#include "verify/shape.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>

/* A wrong book may be wrong everywhere: enough is enough. */
#define FINDINGS_SHOWN_MAX 200

void verify_found(struct verify *v, const char *fmt, ...)
{
	char line[400];
	va_list args;

	if (v->counts->findings++ >= FINDINGS_SHOWN_MAX)
		return;
	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	buf_puts(v->out, line);
	buf_char(v->out, '\n');
}

void verify_id(enum id_kind kind, int64_t id, char out[ID_TEXT_MAX])
{
	memcpy(out, "none", sizeof("none"));
	if (id > 0)
		id_format(kind, id, out);
}

static bool is_code_of(const struct currency *currency, struct str code)
{
	return currency && code.n == 3 && memcmp(code.p, currency->code, 3) == 0;
}

struct str verify_currency(struct verify *v, struct str code, const struct currency **last)
{
	if (!is_code_of(*last, code))
		*last = currency_find(code);
	if (is_code_of(*last, code))
		return (struct str){ (*last)->code, code.n };
	return arena_str(v->c->arena, code);
}

/*
 * The audit has two halves that know nothing of each other until both are done: what the ledger
 * says, and what the events say. Each has a context, an arena and a report of its own, so they may
 * run side by side; the second has its two large tables read ahead, each by a thread of its own.
 */
struct half {
	bool (*const *parts)(struct verify *v); /* ends with NULL */
	struct ctx c;
	struct arena scratch, lasting;
	struct buf out;
	struct verify_counts counts;
	struct verify v;
	bool ok;
};

/* Who reads what; the first context is the caller's. */
enum { LEDGER, EVENTS, COMMISSIONS, TWINS };

static bool (*const ledger_parts[])(struct verify *v) = {
	verify_tables, verify_clicks, verify_chain, reach_read, NULL,
};

static bool (*const event_parts[])(struct verify *v) = { verify_replay, NULL };

static void half_init(struct half *h, const struct ctx *c, const struct verify *both,
                      bool (*const *parts)(struct verify *v))
{
	*h = (struct half){ .parts = parts, .c = *c, .v = *both };
	arena_init(&h->scratch);
	arena_init(&h->lasting);
	h->c.arena = &h->scratch;
	buf_init(&h->out, &h->lasting);
	h->v.c = &h->c;
	h->v.out = &h->out;
	h->v.counts = &h->counts;
}

static void *half_run(void *arg)
{
	struct half *h = arg;

	h->ok = true;
	for (size_t i = 0; h->ok && h->parts[i]; i++)
		h->ok = h->parts[i](&h->v);
	return NULL;
}

/* Into the report, and free. False with c->err if the half was not finished. */
static bool half_end(struct half *h, struct ctx *c, struct buf *out, struct verify_counts *counts)
{
	buf_str(out, buf_text(&h->out));
	counts->events += h->counts.events;
	counts->commissions += h->counts.commissions;
	counts->entries += h->counts.entries;
	counts->payouts += h->counts.payouts;
	counts->findings += h->counts.findings;
	if (!h->ok)
		c->err = h->c.err;
	arena_release(&h->scratch);
	arena_release(&h->lasting);
	return h->ok;
}

/* Beside each other, if the ledger has a database of its own. */
static void run_halves(struct half *ledger, struct half *events)
{
	pthread_t thread;
	bool beside = ledger->c.db != events->c.db
	           && pthread_create(&thread, NULL, half_run, ledger) == 0;

	if (!beside)
		half_run(ledger);
	half_run(events);
	if (beside)
		pthread_join(thread, NULL);
}

static bool check_org(struct ctx *c, struct ctx *twins, struct buf *out,
                      struct verify_counts *counts)
{
	struct verify both = { .commissions = commission_sums_new(), .claims = claims_new(),
		               .shapes = shapes_new(), .reach = reach_new(), .events = &twins[EVENTS],
		               .earned = &twins[COMMISSIONS] };
	struct half ledger, events;
	bool ok;

	half_init(&ledger, twins[LEDGER].db ? &twins[LEDGER] : c, &both, ledger_parts);
	half_init(&events, c, &both, event_parts);
	run_halves(&ledger, &events);
	if (ledger.ok && events.ok)
		claims_check(&ledger.v, both.claims);
	ledger.ok = ledger.ok && events.ok ? reach_check(&ledger.v) : ledger.ok;
	ok = half_end(&ledger, c, out, counts);
	ok = half_end(&events, c, out, counts) && ok;
	commission_sums_free(both.commissions);
	claims_free(both.claims);
	shapes_free(both.shapes);
	reach_free(both.reach);
	return ok;
}

bool verify_org(struct ctx *c, struct buf *out, struct verify_counts *counts)
{
	struct ctx twins[TWINS] = { *c, *c, *c };
	bool ok;

	if (!store_twins(c, twins, TWINS))
		return false;
	for (size_t i = 0; i < TWINS; i++)
		twins[i].control = NULL; /* the other thread's alone */
	ok = check_org(c, twins, out, counts);
	store_twins_end(twins, TWINS);
	return ok;
}
