/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/entry_hash.h"

#include "base/buf.h"
#include "unit.h"

#include <sodium.h>

/* The text of ledger.h, written the plain way. */
static struct str text_of(struct ctx *c, const struct entry *e)
{
	struct buf b;

	buf_init(&b, c->arena);
	buf_printf(&b, "partnerd-ledger 1\n%.*s\n7", STR_ARG(e->previous_hash));
	for (size_t i = 0; i < 8; i++) {
		const int64_t all[] = { e->number, e->kind, e->commission_id, e->payout_id,
			                e->cause_id, e->corrects_id, e->at, e->posted_at };

		buf_printf(&b, "\t%lld", (long long)all[i]);
	}
	buf_puts(&b, "\n");
	for (size_t i = 0; i < e->leg_count; i++) {
		const struct leg *l = &e->legs[i];

		buf_printf(&b, "%lld\t%lld\t%.*s\t%lld\t%lld\n", (long long)l->account,
		           (long long)l->partner_id, STR_ARG(l->currency), (long long)l->debit,
		           (long long)l->credit);
	}
	return buf_text(&b);
}

static void check_hash(struct ctx *c, const struct entry *e)
{
	struct str text = text_of(c, e);
	unsigned char hash[LEDGER_HASH_LENGTH / 2];
	char found[LEDGER_HASH_LENGTH + 1] = "", hex[LEDGER_HASH_LENGTH + 1];

	crypto_generichash(hash, sizeof(hash), (const unsigned char *)text.p, text.n, NULL, 0);
	sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
	entry_hash(7, e, found);
	EQ_STR(str_from(found), hex);
}

TEST(an_entry_of_any_numbers_is_hashed_as_its_text)
{
	static const int64_t numbers[] = { 0, 9, 10, 99, 100, 999, 1000, 9999, 10000, 99999,
		                           123456, 10000000, INT64_MAX, INT64_MIN, -1, -10 };
	struct entry e = { .previous_hash = STR("00ff") };

	for (size_t i = 0; i < LEN(numbers); i++) {
		int64_t n = numbers[i];

		e.number = e.commission_id = e.posted_at = n;
		e.payout_id = e.cause_id = e.at = numbers[LEN(numbers) - 1 - i];
		e.leg_count = i < LEDGER_LEGS_MAX ? i : LEDGER_LEGS_MAX;
		for (size_t k = 0; k < e.leg_count; k++)
			e.legs[k] = (struct leg){ .account = 2, .partner_id = n,
				                  .currency = STR("EUR"), .debit = n, .credit = 5 };
		check_hash(c, &e);
	}
}

TEST(long_texts_are_hashed_whole)
{
	static char text[3000];
	struct entry e = { .number = 1, .previous_hash = { text, sizeof(text) } };

	memset(text, 'x', sizeof(text));
	check_hash(c, &e);
	for (e.previous_hash.n = 900; e.previous_hash.n < 1030; e.previous_hash.n++)
		check_hash(c, &e);
}
