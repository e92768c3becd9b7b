/* SPDX-License-Identifier: Apache-2.0 */
#include "campaign/terms_diff.h"

#include "unit.h"

static struct terms read(struct ctx *c, const char *rest)
{
	struct terms t;

	OK(terms_doc_parse(c, arena_printf(c->arena, "{\"trigger\":\"sale\",%s}", rest),
	                   currency_find(STR("USD")), &t));
	return t;
}

#define TWENTY "\"reward\":{\"type\":\"percentage\",\"value\":\"20\"}"
#define THIRTY "\"reward\":{\"type\":\"percentage\",\"value\":\"30\"}"

TEST(the_same_terms_have_no_changes)
{
	struct terms_change all[TERMS_CHANGES_MAX];
	struct terms t = read(c, TWENTY);
	size_t n = terms_diff(c->arena, &t, &t, all);

	OK(n > 3);
	for (size_t i = 0; i < n; i++)
		EQ_STR(all[i].before, all[i].after);
}

TEST(a_sentence_takes_the_place_of_another_one_is_new_and_one_is_gone)
{
	struct terms_change all[TERMS_CHANGES_MAX];
	struct terms before = read(c, TWENTY ",\"window_days\":90");
	struct terms after = read(c, THIRTY ",\"minimum_payout\":5000");
	size_t n = terms_diff(c->arena, &before, &after, all), changed = 0;

	for (size_t i = 0; i < n; i++)
		changed += !str_eq(all[i].before, all[i].after);
	EQ(changed, 3);
	OK(str_starts(all[0].before, "20 %"));
	OK(str_starts(all[0].after, "30 %"));
	EQ_STR(all[1].before, "Only within 90 days of the referral.");
	EQ_STR(all[1].after, "");
	EQ_STR(all[5].before, "");
	EQ_STR(all[5].after, "Payouts start at 50.00 USD.");
}

/* Whatever differs in the documents differs in the sentences. */
TEST(every_part_of_the_terms_is_said)
{
	static const char *const parts[] = {
		",\"recurring_months\":3", ",\"delay_invoices\":1", ",\"window_days\":5",
		",\"base\":\"gross\"", ",\"hold_days\":3", ",\"minimum_payout\":1",
		",\"attribution\":{\"model\":\"first\"}", ",\"attribution\":{\"cookie_days\":3}",
		",\"attribution\":{\"priority\":[\"link\"]}", ",\"attribution\":{\"ownership\":\"sale\"}",
		",\"attribution\":{\"ownership\":{\"days\":3}}", ",\"attribution\":{\"deal_days\":3}",
		",\"tiers\":{\"steps\":[{\"from\":1," TWENTY "}]}",
		",\"tiers\":{\"by\":\"sales\",\"steps\":[{\"from\":1," TWENTY "}]}",
		",\"tiers\":{\"period\":\"year\",\"steps\":[{\"from\":1," TWENTY "}]}",
		",\"tiers\":{\"period\":\"year\",\"retroactive\":true,\"steps\":[{\"from\":1," TWENTY "}]}",
		",\"tiers\":{\"counts_current\":true,\"steps\":[{\"from\":1," TWENTY "}]}",
		",\"groups\":{\"a\":{" TWENTY "}}", ",\"recruiting\":{\"percent\":\"3\"}",
		",\"chain\":{\"levels\":[{\"percent\":\"3\"}]}",
		",\"chain\":{\"mode\":\"from_share\",\"levels\":[{\"percent\":\"3\"}]}",
		",\"chain\":{\"levels\":[{\"percent\":\"3\"},{\"percent\":\"2\"}]}",
		",\"chain\":{\"compute\":\"cascade\",\"levels\":[{\"percent\":\"3\"},{\"percent\":\"2\"}]}",
		",\"caps\":[{\"scope\":\"customer\",\"amount\":1}]",
		",\"clawback\":{\"window_days\":9}", ",\"clawback\":{\"on_refund\":\"none\"}",
		",\"clawback\":{\"on_churn\":\"full\"}", ",\"clawback\":{\"dispute_opened\":\"reverse\"}",
		",\"clawback\":{\"true_up\":\"quarter\"}", ",\"clawback\":{\"true_up\":\"month\"}",
	};
	struct terms_change all[TERMS_CHANGES_MAX];

	for (size_t i = 0; i < LEN(parts); i++)
		for (size_t k = 0; k < i; k++) {
			struct terms x = read(c, arena_printf(c->arena, TWENTY "%s", parts[i]).p);
			struct terms y = read(c, arena_printf(c->arena, TWENTY "%s", parts[k]).p);
			size_t n = terms_diff(c->arena, &x, &y, all), changed = 0;

			for (size_t j = 0; j < n; j++)
				changed += !str_eq(all[j].before, all[j].after);
			if (changed == 0)
				FAIL("%s says the same as %s", parts[i], parts[k]);
		}
}
