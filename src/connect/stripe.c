/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/stripe.h"

#include "base/check.h"
#include "base/clock.h"
#include "base/money.h"
#include "customer/customer.h"
#include "data/json.h"
#include "event/dispute.h"
#include "event/event.h"
#include "event/refund.h"
#include "org/org.h"
#include "rules/dispute.h"

/* One event of Stripe's, taken apart. */
struct notice {
	struct hook *hook;
	const json_t *object;  /* data.object */
	int64_t created_ms;
};

static const json_t *at(const json_t *o, const char *key)
{
	return json_object_get(o, key);
}

static struct str text_at(const json_t *o, const char *key)
{
	return json_text(at(o, key));
}

static int64_t int_at(const json_t *o, const char *key)
{
	return json_integer_value(at(o, key));
}

/* The id of an object that is given by id or expanded. */
static struct str id_at(const json_t *o, const char *key)
{
	const json_t *value = at(o, key);

	return json_is_object(value) ? text_at(value, "id") : json_text(value);
}

static bool done(struct hook *h, enum hook_status status, const char *note)
{
	h->status = status;
	h->note = str_from(note);
	return true;
}

/*
 * Stripe's minor units, https://docs.stripe.com/currencies: ISK and UGX are counted in hundredths,
 * which do not exist, so they always end in 00; ISO 4217 has whole units. MGA is counted in whole
 * units, and in ISO 4217 in hundredths. All others are alike: none after the point for BIF CLP DJF
 * GNF JPY KMF KRW PYG RWF VND VUV XAF XOF XPF, three for BHD JOD KWD OMR TND, two for the rest, HUF
 * and TWD among them, which are without only when Stripe pays out.
 */
static int64_t minor(const json_t *o, const char *key, struct str currency)
{
	int64_t amount = int_at(o, key);

	if (str_eq_nocase(currency, STR("isk")) || str_eq_nocase(currency, STR("ugx")))
		return money_muldiv(amount, 1, 100);
	if (!str_eq_nocase(currency, STR("mga")))
		return amount;
	/* more than there may be is refused as that, like any other amount */
	return amount <= MONEY_MAX_MINOR / 100 ? amount * 100 : MONEY_MAX_MINOR + 1;
}

static struct str upper_currency(struct str code)
{
	const struct currency *cur = currency_find(code);

	return cur ? str_from(cur->code) : code;
}

/* Where a click id may be: metadata first, then the reference the shop passed. */
static int64_t click_of(const json_t *metadata, struct str reference)
{
	int64_t id = 0;

	if (!id_parse(ID_CLICK, text_at(metadata, "click_id"), &id))
		id_parse(ID_CLICK, reference, &id);
	return id;
}

static struct str customer_of(const json_t *o, const json_t *metadata, struct str fallback)
{
	struct str id = text_at(metadata, "customer_id");

	if (id.n == 0)
		id = id_at(o, "customer");
	return id.n ? id : fallback;
}

static bool record(struct ctx *c, struct track *t, struct hook *h)
{
	struct recorded r;

	t->source = STR("stripe");
	if (!event_record(c, t, &r))
		return false;
	return done(h, HOOK_DONE, r.replayed ? "known already" : "");
}

static struct track from_session(const struct notice *n)
{
	const json_t *o = n->object;
	const json_t *metadata = at(o, "metadata"), *person = at(o, "customer_details");
	struct str reference = text_at(o, "client_reference_id");
	struct str email = text_at(person, "email");
	struct track t = {
		.click_id = click_of(metadata, reference),
		.code = text_at(metadata, "code"),
		.customer_email = email.n ? email : text_at(o, "customer_email"),
		.customer_name = text_at(person, "name"),
		.customer_country = text_at(at(person, "address"), "country"),
		.occurred_at = n->created_ms,
	};

	t.customer_id = customer_of(o, metadata, t.click_id ? t.customer_email : reference);
	if (t.customer_id.n == 0)
		t.customer_id = text_at(o, "id");
	return t;
}

/* A one-off payment has no invoice, or one that is announced beside it: its intent names it. */
static bool session_sale(struct ctx *c, const struct notice *n, struct track t)
{
	const json_t *o = n->object, *details = at(o, "total_details");
	struct str currency = text_at(o, "currency"), invoice = id_at(o, "invoice");
	struct str intent = id_at(o, "payment_intent");

	if (invoice.n > 0)
		return hook_ref_put(c, intent, invoice)
		       && done(n->hook, HOOK_DONE, "its invoice makes the sale");
	t.type = EVENT_SALE;
	t.external_id = intent.n ? intent : text_at(o, "id");
	t.amount = minor(o, "amount_total", currency);
	t.tax = minor(details, "amount_tax", currency);
	t.shipping = minor(details, "amount_shipping", currency);
	t.currency = upper_currency(currency);
	return hook_ref_put(c, intent, t.external_id) && record(c, &t, n->hook);
}

static bool take_session(struct ctx *c, const struct notice *n)
{
	struct track t = from_session(n);
	struct str paid = text_at(n->object, "payment_status");

	t.type = EVENT_LEAD;
	t.external_id = text_at(n->object, "id");
	if (!record(c, &t, n->hook))
		return false;
	if (str_is(text_at(n->object, "mode"), "payment") && str_is(paid, "paid")
	    && int_at(n->object, "amount_total") > 0)
		return session_sale(c, n, t);
	return true;
}

static int64_t sum_of(const json_t *list, const char *key, struct str currency)
{
	int64_t sum = 0;

	for (size_t i = 0; i < json_array_size(list); i++)
		sum += minor(json_array_get(list, i), key, currency);
	return sum;
}

/* Old shape: tax or total_tax_amounts; new shape: total_taxes. */
static int64_t invoice_tax(const json_t *o, struct str currency)
{
	int64_t tax = sum_of(at(o, "total_taxes"), "amount", currency);

	if (tax == 0)
		tax = sum_of(at(o, "total_tax_amounts"), "amount", currency);
	return tax ? tax : minor(o, "tax", currency);
}

static const json_t *invoice_metadata(const json_t *o)
{
	const json_t *m = at(at(at(o, "parent"), "subscription_details"), "metadata");

	if (json_object_size(m) == 0)
		m = at(at(o, "subscription_details"), "metadata");
	return json_object_size(m) ? m : at(o, "metadata");
}

static void invoice_product(const json_t *o, struct track *t)
{
	const json_t *line = json_array_get(at(at(o, "lines"), "data"), 0);
	const json_t *details = at(at(line, "pricing"), "price_details");
	const json_t *price = at(line, "price");

	t->product = id_at(details, "product");
	t->plan = id_at(details, "price");
	if (t->product.n == 0)
		t->product = id_at(price, "product");
	if (t->plan.n == 0)
		t->plan = text_at(price, "id");
}

/* Every object that a later refund may name. */
static bool invoice_refs(struct ctx *c, const json_t *o, struct str sale_id)
{
	const json_t *payments = at(at(o, "payments"), "data");

	for (size_t i = 0; i < json_array_size(payments); i++) {
		const json_t *p = at(json_array_get(payments, i), "payment");

		if (!hook_ref_put(c, id_at(p, "payment_intent"), sale_id)
		    || !hook_ref_put(c, id_at(p, "charge"), sale_id))
			return false;
	}
	return hook_ref_put(c, id_at(o, "payment_intent"), sale_id)
	       && hook_ref_put(c, id_at(o, "charge"), sale_id);
}

/* Should this invoice wait for the checkout session that says who referred it? */
static bool must_wait(struct ctx *c, const struct notice *n, const struct track *t, bool *out)
{
	struct customer cu;
	bool known;

	*out = false;
	if (!str_is(text_at(n->object, "billing_reason"), "subscription_create") || t->click_id != 0
	    || c->now_ms - n->hook->received_at >= STRIPE_WAIT_MS)
		return true;
	if (!customer_find(c, t->customer_id, &cu, &known))
		return false;
	*out = !known;
	return true;
}

static bool take_invoice(struct ctx *c, const struct notice *n)
{
	const json_t *o = n->object, *metadata = invoice_metadata(o);
	struct str currency = text_at(o, "currency");
	int64_t paid_at = int_at(at(o, "status_transitions"), "paid_at");
	struct track t = {
		.type = EVENT_SALE,
		.external_id = text_at(o, "id"),
		.click_id = click_of(metadata, STR("")),
		.customer_email = text_at(o, "customer_email"),
		.customer_name = text_at(o, "customer_name"),
		.customer_country = text_at(at(o, "customer_address"), "country"),
		.amount = minor(o, "amount_paid", currency),
		.tax = invoice_tax(o, currency),
		.currency = upper_currency(currency),
		.occurred_at = paid_at ? paid_at * MS_PER_SECOND : n->created_ms,
	};
	bool wait;

	if (t.amount == 0)
		return done(n->hook, HOOK_IGNORED, "nothing was paid");
	if (t.tax > t.amount)
		t.tax = t.amount;
	t.customer_id = customer_of(o, metadata, t.customer_email);
	invoice_product(o, &t);
	if (!must_wait(c, n, &t, &wait))
		return false;
	if (wait)
		return done(n->hook, HOOK_WAITING, "waits for its checkout session");
	return invoice_refs(c, o, t.external_id) && record(c, &t, n->hook);
}

static bool take_invoice_payment(struct ctx *c, const struct notice *n)
{
	const json_t *p = at(n->object, "payment");
	struct str invoice = id_at(n->object, "invoice");

	return hook_ref_put(c, id_at(p, "payment_intent"), invoice)
	       && hook_ref_put(c, id_at(p, "charge"), invoice) && done(n->hook, HOOK_DONE, "");
}

/* The sale that one of these names is, or is known to belong to. */
static bool sale_of(struct ctx *c, const struct str names[3], struct event *out, bool *out_found)
{
	*out_found = false;
	for (size_t i = 0; i < 3 && !*out_found; i++) {
		struct str sale_id = names[i];
		bool known;

		if (names[i].n == 0)
			continue;
		if (!hook_ref_find(c, names[i], &sale_id, &known)
		    || !event_find(c, EVENT_SALE, sale_id, out, out_found))
			return false;
	}
	return true;
}

static bool take_refund(struct ctx *c, const struct notice *n)
{
	const json_t *o = n->object;
	struct str currency = text_at(o, "currency");
	int64_t total = minor(o, "amount_refunded", currency), before;
	const struct str names[3] = { /* the invoice is named in the old shape */
		id_at(o, "invoice"), id_at(o, "payment_intent"), text_at(o, "id"),
	};
	struct event sale;
	bool found;

	if (!sale_of(c, names, &sale, &found))
		return false;
	if (!found)
		return done(n->hook, HOOK_WAITING, "waits for its payment");
	if (!refund_sum(c, &sale, &before))
		return false;
	if (total <= before)
		return done(n->hook, HOOK_DONE, "refunded already");

	struct track t = {
		.type = EVENT_REFUND,
		.external_id = arena_printf(c->arena, "%.*s/%lld", STR_ARG(text_at(o, "id")),
		                            (long long)total),
		.of_id = sale.external_id,
		.amount = total > sale.amount ? sale.amount - before : total - before,
		.amount_given = true,
		.currency = upper_currency(currency),
		.occurred_at = n->created_ms,
	};

	if (t.amount == 0)
		return done(n->hook, HOOK_DONE, "refunded already");
	return record(c, &t, n->hook);
}

/* What Stripe's status of a dispute says to us; false: nothing moves. */
static bool dispute_state(struct str status, int64_t *out)
{
	static const struct {
		const char *status;
		enum dispute_state state;
	} known[] = {
		{ "needs_response", DISPUTE_OPEN }, { "under_review", DISPUTE_OPEN },
		{ "won", DISPUTE_WON },             { "prevented", DISPUTE_WON },
		{ "lost", DISPUTE_LOST },
	};

	for (size_t i = 0; i < LEN(known); i++)
		if (str_is(status, known[i].status)) {
			*out = known[i].state;
			return true;
		}
	return false;
}

/*
 * A dispute is told whenever anything about it changes: each of its states counts once, from
 * the first time it is told. Early warnings (warning_…) move no money.
 */
static bool take_dispute(struct ctx *c, const struct notice *n)
{
	const json_t *o = n->object;
	struct str currency = text_at(o, "currency");
	struct track t = {
		.type = EVENT_DISPUTE,
		.external_id = text_at(o, "id"),
		.amount = minor(o, "amount", currency),
		.occurred_at = n->created_ms,
	};
	const struct str names[3] = { id_at(o, "payment_intent"), id_at(o, "charge") };
	struct event sale, known;
	bool found, told;

	if (!dispute_state(text_at(o, "status"), &t.dispute_state))
		return done(n->hook, HOOK_IGNORED, "moves no money");
	if (t.dispute_state == DISPUTE_OPEN && int_at(o, "created") > 0)
		t.occurred_at = int_at(o, "created") * MS_PER_SECOND;
	if (!sale_of(c, names, &sale, &found))
		return false;
	if (!found)
		return done(n->hook, HOOK_WAITING, "waits for its payment");
	if (!event_find(c, EVENT_DISPUTE, dispute_external_id(c, &t), &known, &told))
		return false;
	if (told)
		return done(n->hook, HOOK_DONE, "known already");
	t.of_id = sale.external_id;
	/* other than the sale's, as when it was paid in another currency: all of it is disputed */
	t.amount_given = str_eq(upper_currency(currency), sale.currency);
	if (!t.amount_given || t.amount > sale.amount)
		t.amount = 0;
	return record(c, &t, n->hook);
}

static bool take_subscription_end(struct ctx *c, const struct notice *n)
{
	const json_t *o = n->object;
	int64_t ended_at = int_at(o, "ended_at");
	struct track t = {
		.type = EVENT_CHURN,
		.external_id = text_at(o, "id"),
		.customer_id = customer_of(o, at(o, "metadata"), STR("")),
		.occurred_at = ended_at ? ended_at * MS_PER_SECOND : n->created_ms,
	};

	return record(c, &t, n->hook);
}

static const struct {
	const char *type;
	bool (*take)(struct ctx *c, const struct notice *n);
} kinds[] = {
	{ "checkout.session.completed", take_session },
	{ "checkout.session.async_payment_succeeded", take_session },
	{ "invoice.paid", take_invoice },
	{ "invoice_payment.paid", take_invoice_payment },
	{ "charge.refunded", take_refund },
	{ "charge.dispute.created", take_dispute },
	{ "charge.dispute.updated", take_dispute },
	{ "charge.dispute.closed", take_dispute },
	{ "customer.subscription.deleted", take_subscription_end },
};

/* Of which mode an event is; what is sent by the other one must not count here. */
static const char *const wrong_modes[] = {
	[false] = "sent by Stripe's test mode: connect that to a sandbox organisation",
	[true] = "sent by Stripe's live mode: connect that to an organisation that is no sandbox",
};

static bool is_ours(struct ctx *c, const json_t *livemode, bool *out)
{
	bool sandbox;

	*out = true;
	if (!json_is_boolean(livemode))
		return true;
	if (!org_is_sandbox(c, &sandbox))
		return false;
	*out = sandbox != json_is_true(livemode);
	return true;
}

bool stripe_take(struct ctx *c, struct hook *h)
{
	struct notice n = { .hook = h };
	json_t *doc;
	bool ours;

	if (!json_read_object(c, h->body, &doc) || !is_ours(c, at(doc, "livemode"), &ours))
		return false;
	if (!ours)
		return done(h, HOOK_IGNORED, wrong_modes[json_is_true(at(doc, "livemode"))]);
	n.object = at(at(doc, "data"), "object");
	n.created_ms = int_at(doc, "created") * MS_PER_SECOND;
	if (!json_is_object(n.object))
		return fail(c, ERR_INVALID, "data/object", "must be an object");
	for (size_t i = 0; i < LEN(kinds); i++)
		if (str_is(h->type, kinds[i].type))
			return kinds[i].take(c, &n);
	return done(h, HOOK_IGNORED, "");
}
