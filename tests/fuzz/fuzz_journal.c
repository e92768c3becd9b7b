/* SPDX-License-Identifier: Apache-2.0 */
#include "click/record.h"
#include "fuzz.h"

/*
 * A segment full of anything is read to its end, as it is and with the checksum of its
 * first record mended; what is taken for a click is the same when written and read again.
 */

static const unsigned char key[RECORD_KEY_BYTES] = "0123456789abcde";

static void same(const struct click *a, const struct click *b)
{
	CHECK(a->id == b->id && a->org_id == b->org_id && a->link_id == b->link_id);
	CHECK(a->partner_id == b->partner_id && a->campaign_id == b->campaign_id);
	CHECK(a->at_ms == b->at_ms && a->device == b->device && a->flags == b->flags);
	CHECK(str_eq(a->country, b->country));
}

static void write_again(const struct click *k, int64_t at)
{
	_Alignas(8) static unsigned char bytes[RECORD_MAX];
	struct record r;
	struct click again;
	bool pad;

	memset(bytes, 0, sizeof(bytes));
	record_encode(&r, key, k);
	record_write(&r, at, bytes);
	CHECK(record_decode(key, at, (struct str){ (const char *)bytes, sizeof(bytes) }, &again,
	                    &pad) == r.bytes && !pad);
	same(k, &again);
}

static void read_all(unsigned char *bytes, size_t n)
{
	struct click k;
	bool pad;

	for (size_t at = 0; at < n;) {
		size_t step =
			record_decode(key, (int64_t)at,
				      (struct str){ (const char *)bytes + at, n - at }, &k, &pad);

		CHECK(step % RECORD_UNIT == 0 && step <= RECORD_MAX);
		if (step && !pad)
			write_again(&k, (int64_t)at);
		at += step ? step : RECORD_UNIT;
	}
}

FUZZ
{
	size_t n = text.n / RECORD_UNIT * RECORD_UNIT;
	unsigned char *bytes = arena_alloc(c->arena, n + 1);
	uint16_t length;

	if (n == 0)
		return;
	memcpy(bytes, text.p, n);
	read_all(bytes, n);
	memcpy(&length, bytes + sizeof(uint64_t), sizeof(length));
	if (length < sizeof(uint64_t) || length > n)
		return;
	uint64_t check = record_check(key, 0, bytes, length);

	memcpy(bytes, &check, sizeof(check));
	read_all(bytes, n);
}
