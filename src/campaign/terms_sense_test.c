/* SPDX-License-Identifier: Apache-2.0 */
#include "campaign/terms_sense.h"

#include "campaign/terms_doc.h"
#include "unit.h"

/* What of a document is refused is in tests/cases/rules/terms.txt. */

static const struct currency *usd(void)
{
	return currency_find(STR("USD"));
}

static struct terms terms_of(struct ctx *c, const char *doc)
{
	struct terms t;

	OK(terms_doc_parse(c, str_from(doc), usd(), &t));
	return t;
}

static struct offer offer_of(struct ctx *c, const char *doc)
{
	struct offer f;

	OK(offer_doc_parse(c, str_from(doc), usd(), &f));
	return f;
}

#define TWENTY "{\"type\":\"percentage\",\"value\":\"20\"}"
#define FIVE "{\"type\":\"fixed\",\"amount\":500}"

TEST(an_offer_ends_no_sooner_than_the_delay)
{
	struct terms t = terms_of(c, "{\"trigger\":\"sale\",\"reward\":" TWENTY
	                             ",\"delay_invoices\":2}");
	struct offer f = offer_of(c, "{\"reward\":" TWENTY ",\"recurring_months\":1}");

	FAILS(terms_sense_offer(c, &t, &f), ERR_INVALID, "recurring_months");
	f.recurring_months = 2;
	OK(terms_sense_offer(c, &t, &f));
	f.recurring_months = MONTHS_LIFETIME;
	OK(terms_sense_offer(c, &t, &f));
	f.has_months = false;
	OK(terms_sense_offer(c, &t, &f));
}

TEST(an_offer_is_no_percentage_of_what_has_no_amount)
{
	static const char *const triggers[] = { "click", "lead", "retainer" };
	struct offer part = offer_of(c, TWENTY), fixed = offer_of(c, FIVE);
	struct offer timed = offer_of(c, "{\"reward\":" FIVE ",\"recurring_months\":0}");

	for (size_t i = 0; i < LEN(triggers); i++) {
		struct terms t = terms_of(c, arena_printf(c->arena, "{\"trigger\":\"%s\",\"reward\":"
		                                          FIVE "}", triggers[i]).p);

		FAILS(terms_sense_offer(c, &t, &part), ERR_INVALID, "reward");
		OK(terms_sense_offer(c, &t, &fixed));
		FAILS(terms_sense_offer(c, &t, &timed), ERR_INVALID, "recurring_months");
	}
	struct terms deals = terms_of(c, "{\"trigger\":\"deal_closed\",\"reward\":" FIVE "}");

	OK(terms_sense_offer(c, &deals, &part));
}

TEST(customers_are_paid_for_where_an_event_has_one)
{
	struct terms t = terms_of(c, "{\"trigger\":\"click\",\"reward\":" FIVE "}");

	NO(terms_sense_customers(&t));
	t = terms_of(c, "{\"trigger\":\"click\",\"reward\":" FIVE ",\"rewards\":[{\"if\":"
	                "{\"event\":\"lead\"},\"reward\":" FIVE "}]}");
	OK(terms_sense_customers(&t));
}
