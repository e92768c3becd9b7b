/* SPDX-License-Identifier: Apache-2.0 */
#include "event/dispute.h"

#include "base/money.h"
#include "data/json.h"
#include "event/about.h"
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

/* ", over 33.00 USD"; nothing where there is no amount. */
static struct str over(struct ctx *c, const struct dispute_notice *n, const struct event *of)
{
	const struct currency *cur = currency_find(of->currency);
	int64_t amount = n->amount_minor > 0 ? n->amount_minor : of->amount;

	if (of->amount == 0 || !cur)
		return STR("");
	return arena_printf(c->arena, ", over %.*s", STR_ARG(money_text(c->arena, amount, cur)));
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
                           const struct event *of, const struct settling *done)
{
	const char *noun = of->type == EVENT_SALE ? "payment" : about_noun(of->type);
	const char *happened = n->state == DISPUTE_WON ? "The dispute was won"
	                                               : "The dispute was lost";

	if (n->state == DISPUTE_OPEN)
		happened = arena_cstr(c->arena,
		                      arena_printf(c->arena, "The %s is disputed", noun));
	return arena_printf(c->arena, "%s%.*s: %s.", happened, STR_ARG(over(c, n, of)),
	                    what_followed(done));
}

bool dispute_apply(struct ctx *c, const struct event *of, struct event *e)
{
	struct reversal before;
	struct dispute_notice n;
	struct settling done;

	if (!read_notice(c, e, &n) || !reversal_known(c, of, &before)
	    || !db_exec(c, &SQL_TELL,
	                ARGS(val_int(of->id), val_int(e->id), val_str(n.dispute),
	                     val_int(n.state), val_int(n.amount_minor), val_int(n.at_ms)))
	    || !reversal_apply(c, &before, e, &done))
		return false;
	e->attribution = reversal_says(c, sentence(c, &n, of, &done));
	return true;
}

static bool record_for(struct ctx *c, const struct track *t, const struct event *of,
                       struct event *e)
{
	if (!about_fits(c, t, of))
		return false;
	if (e->amount > of->amount)
		return fail(c, ERR_INVALID, "amount", "the %s was only %lld", about_noun(of->type),
		            (long long)of->amount);
	event_about(e, of);
	return dispute_apply(c, of, e) && earn_store(c, e);
}

bool dispute_record(struct ctx *c, const struct track *t, struct event *e)
{
	struct event of;
	bool found;

	if (!event_find(c, about_type(t), t->of_id, &of, &found))
		return false;
	return found ? record_for(c, t, &of, e) : parked_put(c, t, e);
}

const struct sql *const dispute_sql[] = { &SQL_TELL, NULL };
