/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/verify.h"

#include "base/check.h"
#include "db/store.h"
#include "verify/commission_sums.h"

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

struct str verify_currency(struct verify *v, struct str code, const struct currency **last)
{
	if (!*last || !str_is(code, (*last)->code))
		*last = currency_find(code);
	if (*last && str_is(code, (*last)->code))
		return (struct str){ (*last)->code, code.n };
	return arena_str(v->c->arena, code);
}

/*
 * The audit has two halves that know nothing of each other: what the ledger says, and what the
 * events say. Each has a context, an arena and a report of its own, so they may run side by side.
 */
struct half {
	bool (*const *parts)(struct verify *v); /* ends with NULL */
	struct ctx c;
	struct arena scratch, lasting;
	struct buf out;
	struct verify_counts counts;
	struct commission_sums *commissions; /* of the ledger's half; NULL */
	bool ok;
};

static bool (*const ledger_parts[])(struct verify *v) = {
	verify_tables, verify_clicks, verify_chain, NULL,
};

static bool (*const event_parts[])(struct verify *v) = { verify_replay, NULL };

static void half_init(struct half *h, const struct ctx *c, bool (*const *parts)(struct verify *v))
{
	*h = (struct half){ .parts = parts, .c = *c };
	if (parts == ledger_parts)
		h->commissions = commission_sums_new();
	arena_init(&h->scratch);
	arena_init(&h->lasting);
	h->c.arena = &h->scratch;
	buf_init(&h->out, &h->lasting);
}

static void *half_run(void *arg)
{
	struct half *h = arg;
	struct verify v = { .c = &h->c, .out = &h->out, .counts = &h->counts,
		            .commissions = h->commissions };

	h->ok = true;
	for (size_t i = 0; h->ok && h->parts[i]; i++)
		h->ok = h->parts[i](&v);
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
	if (h->commissions)
		commission_sums_free(h->commissions);
	arena_release(&h->scratch);
	arena_release(&h->lasting);
	return h->ok;
}

bool verify_org(struct ctx *c, struct buf *out, struct verify_counts *counts)
{
	struct ctx twin = *c;
	struct half ledger, events;
	pthread_t thread;
	bool beside;

	if (!store_twin(c, &twin))
		return false;
	twin.control = NULL; /* the other thread's alone */
	half_init(&ledger, twin.db ? &twin : c, ledger_parts);
	half_init(&events, c, event_parts);
	beside = twin.db && pthread_create(&thread, NULL, half_run, &ledger) == 0;
	if (!beside)
		half_run(&ledger);
	half_run(&events);
	if (beside)
		pthread_join(thread, NULL);
	store_twin_end(&twin);
	beside = half_end(&ledger, c, out, counts);
	return half_end(&events, c, out, counts) && beside;
}
