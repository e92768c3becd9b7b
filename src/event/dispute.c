/* SPDX-License-Identifier: Apache-2.0 */
#include "event/dispute.h"

#include "base/money.h"
#include "data/json.h"
#include "event/earn.h"
#include "event/parked.h"
#include "event/reversal.h"
#include "rules/dispute.h"

struct str dispute_external_id(struct ctx *c, const struct track *t)
{
	return arena_printf(c->arena, "%.*s/%s", STR_ARG(t->external_id),
	                    dispute_state_names[t->dispute_state]);
}

static const struct sql SQL_TELL = {
	.text = "INSERT INTO sale_dispute (org_id, sale_id, event_id, dispute, state, amount, at)"
	        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
};

/* What the event's facts say; answer_facts() wrote them. */
static bool read_notice(struct ctx *c, const struct event *e, struct dispute_notice *out)
{
	static const char *const *names = dispute_state_names;
	json_t *doc;
	int64_t state;

	*out = (struct dispute_notice){ .amount_minor = e->amount, .at_ms = e->occurred_at };
	if (!json_read_object(c, e->facts, &doc)
	    || !json_get_str(c, doc, "dispute", MUST(1, 200), &out->dispute)
	    || !json_get_name(c, doc, "status", MUST_NAME(names), &state))
		return false;
	out->state = (enum dispute_state)state;
	return true;
}

static struct str about(struct ctx *c, const struct dispute_notice *n, const struct event *sale)
{
	int64_t amount = n->amount_minor > 0 ? n->amount_minor : sale->amount;

	return money_text(c->arena, amount, currency_find(sale->currency));
}

static const char *what_followed(const struct settling *done)
{
	if (done->taken > 0)
		return "what it earned is taken back";
	if (done->given > 0)
		return "what was taken back is given back";
	if (done->held > 0)
		return "what it earned is held until the dispute is decided";
	if (done->released > 0)
		return "what was held is released";
	return "this changes nothing";
}

static struct str sentence(struct ctx *c, const struct dispute_notice *n,
                           const struct event *sale, const struct settling *done)
{
	static const char *const happened[] = {
		[DISPUTE_OPEN] = "The payment is disputed",
		[DISPUTE_WON] = "The dispute was won",
		[DISPUTE_LOST] = "The dispute was lost",
	};

	return arena_printf(c->arena, "%s, over %.*s: %s.", happened[n->state],
	                    STR_ARG(about(c, n, sale)), what_followed(done));
}

bool dispute_apply(struct ctx *c, const struct event *sale, struct event *e)
{
	struct reversal before;
	struct dispute_notice n;
	struct settling done;

	if (!read_notice(c, e, &n) || !reversal_known(c, sale, &before)
	    || !db_exec(c, &SQL_TELL,
	                ARGS(val_int(sale->id), val_int(e->id), val_str(n.dispute),
	                     val_int(n.state), val_int(n.amount_minor), val_int(n.at_ms)))
	    || !reversal_apply(c, &before, e, &done))
		return false;
	e->attribution = reversal_says(c, sentence(c, &n, sale, &done));
	return true;
}

static bool record_for(struct ctx *c, const struct track *t, const struct event *sale,
                       struct event *e)
{
	if (t->currency.n > 0 && !str_eq(e->currency, sale->currency))
		return fail(c, ERR_INVALID, "currency", "the sale is in %.*s",
		            STR_ARG(sale->currency));
	if (e->amount > sale->amount)
		return fail(c, ERR_INVALID, "amount", "the sale was only %lld",
		            (long long)sale->amount);
	event_about(e, sale);
	return dispute_apply(c, sale, e) && earn_store(c, e);
}

bool dispute_record(struct ctx *c, const struct track *t, struct event *e)
{
	struct event sale;
	bool found;

	if (!event_find(c, EVENT_SALE, t->sale_id, &sale, &found))
		return false;
	return found ? record_for(c, t, &sale, e) : parked_put(c, t, e);
}

const struct sql *const dispute_sql[] = { &SQL_TELL, NULL };
