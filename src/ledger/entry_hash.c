/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/entry_hash.h"

#include <sodium.h>

#define NUMBER_MAX 21 /* letters of an integer and of what ends it */

struct sink {
	crypto_generichash_state state;
	size_t n;
	char text[1024];
};

static void flush(struct sink *s)
{
	crypto_generichash_update(&s->state, (const unsigned char *)s->text, s->n);
	s->n = 0;
}

static void put(struct sink *s, struct str text)
{
	if (text.n > sizeof(s->text) - s->n)
		flush(s);
	if (text.n > sizeof(s->text)) {
		crypto_generichash_update(&s->state, (const unsigned char *)text.p, text.n);
		return;
	}
	if (text.n > 0)
		memcpy(s->text + s->n, text.p, text.n);
	s->n += text.n;
}

static size_t digits_of(uint64_t n)
{
	size_t digits = 1;

	for (; n >= 10000; n /= 10000)
		digits += 4;
	return digits + (n >= 10) + (n >= 100) + (n >= 1000);
}

#define TEN(t) t "0" t "1" t "2" t "3" t "4" t "5" t "6" t "7" t "8" t "9"

/* In place, two digits at a time, from behind. */
static void put_number(struct sink *s, int64_t value, char end)
{
	static const char pairs[] = TEN("0") TEN("1") TEN("2") TEN("3") TEN("4") TEN("5") TEN("6")
	        TEN("7") TEN("8") TEN("9");
	uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
	char *p;

	if (sizeof(s->text) - s->n < NUMBER_MAX)
		flush(s);
	if (value < 0)
		s->text[s->n++] = '-';
	s->n += digits_of(rest);
	p = s->text + s->n;
	s->text[s->n++] = end;
	for (; rest >= 100; rest /= 100)
		memcpy(p -= 2, pairs + 2 * (rest % 100), 2);
	if (rest >= 10)
		memcpy(p - 2, pairs + 2 * rest, 2);
	else
		p[-1] = (char)('0' + rest);
}

static void put_tab(struct sink *s)
{
	if (s->n == sizeof(s->text))
		flush(s);
	s->text[s->n++] = '\t';
}

static void put_leg(struct sink *s, const struct leg *l)
{
	put_number(s, l->account, '\t');
	put_number(s, l->partner_id, '\t');
	put(s, l->currency);
	put_tab(s);
	put_number(s, l->debit, '\t');
	put_number(s, l->credit, '\n');
}

#define SIXTEEN(t) TEN(t) t "a" t "b" t "c" t "d" t "e" t "f"

void entry_hash(int64_t org_id, const struct entry *e, char out[LEDGER_HASH_LENGTH])
{
	static const char hex[] = SIXTEEN("0") SIXTEEN("1") SIXTEEN("2") SIXTEEN("3") SIXTEEN("4")
	        SIXTEEN("5") SIXTEEN("6") SIXTEEN("7") SIXTEEN("8") SIXTEEN("9") SIXTEEN("a")
	        SIXTEEN("b") SIXTEEN("c") SIXTEEN("d") SIXTEEN("e") SIXTEEN("f");
	unsigned char hash[LEDGER_HASH_LENGTH / 2];
	struct sink s;

	s.n = 0;
	crypto_generichash_init(&s.state, NULL, 0, sizeof(hash));
	put(&s, STR("partnerd-ledger 1\n"));
	put(&s, e->previous_hash);
	put(&s, STR("\n"));
	put_number(&s, org_id, '\t');
	put_number(&s, e->number, '\t');
	put_number(&s, e->kind, '\t');
	put_number(&s, e->commission_id, '\t');
	put_number(&s, e->payout_id, '\t');
	put_number(&s, e->cause_id, '\t');
	put_number(&s, e->corrects_id, '\t');
	put_number(&s, e->at, '\t');
	put_number(&s, e->posted_at, '\n');
	for (size_t i = 0; i < e->leg_count; i++)
		put_leg(&s, &e->legs[i]);
	flush(&s);
	crypto_generichash_final(&s.state, hash, sizeof(hash));
	for (size_t i = 0; i < sizeof(hash); i++)
		memcpy(out + 2 * i, hex + 2 * hash[i], 2);
}
