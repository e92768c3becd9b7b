/* SPDX-License-Identifier: Apache-2.0 */
#include "click/record.h"
#include "base/check.h"

#include <sodium.h>
#include <stdatomic.h>

enum record_kind { RECORD_CLICK = 1, RECORD_PAD = 2 };

/* How a record begins; a pad ends before id. */
struct head {
	uint64_t check; /* 0: not written; stored last */
	uint16_t bytes; /* without the zeros that fill the last unit */
	uint8_t kind;
	uint8_t referrer_len, utm_len, sub_len;
	char country[2];
	uint32_t flags;
	uint32_t spare;
	int64_t id, at_ms, org_id, link_id, partner_id, campaign_id;
	uint64_t device;
};

#define PAD_BYTES offsetof(struct head, id)

_Static_assert(sizeof(struct head) == 80, "a typical click fits two units");
_Static_assert(sizeof(struct head) + CLICK_REFERRER_MAX + CLICK_UTM_MAX + CLICK_SUB_MAX
		       <= RECORD_MAX,
	       "the longest click fits");

static uint64_t seal(const unsigned char *key, const unsigned char *raw, size_t n)
{
	unsigned char hash[crypto_shorthash_BYTES];
	uint64_t value;

	crypto_shorthash(hash, raw + sizeof(value), n - sizeof(value), key);
	memcpy(&value, hash, sizeof(value));
	return value;
}

static uint64_t check_at(uint64_t sealed, int64_t at)
{
	uint64_t check = sealed ^ (uint64_t)at * 0x9e3779b97f4a7c15u;

	return check ? check : 1;
}

/* At most max bytes, without cutting a character of UTF-8 in two. */
static struct str cut(struct str s, size_t max)
{
	if (s.n <= max)
		return s;
	while (max > 0 && ((unsigned char)s.p[max] & 0xC0) == 0x80)
		max--;
	return (struct str){ s.p, max };
}

static void put(struct record *r, struct str s)
{
	if (s.n)
		memcpy(r->raw + r->bytes, s.p, s.n);
	r->bytes += s.n;
}

static void finish(struct record *r, const unsigned char *key, size_t sealed_bytes)
{
	size_t whole = (r->bytes + RECORD_UNIT - 1) / RECORD_UNIT * RECORD_UNIT;

	memset(r->raw + r->bytes, 0, whole - r->bytes);
	r->bytes = whole;
	r->seal = seal(key, r->raw, sealed_bytes);
}

void record_encode(struct record *r, const unsigned char key[RECORD_KEY_BYTES],
		   const struct click *k)
{
	struct str referrer = cut(k->referrer, CLICK_REFERRER_MAX);
	struct str utm = cut(k->utm, CLICK_UTM_MAX);
	struct str sub = cut(k->sub, CLICK_SUB_MAX);
	struct head h = {
		.bytes = (uint16_t)(sizeof(h) + referrer.n + utm.n + sub.n),
		.kind = RECORD_CLICK,
		.referrer_len = (uint8_t)referrer.n,
		.utm_len = (uint8_t)utm.n,
		.sub_len = (uint8_t)sub.n,
		.flags = (uint32_t)k->flags,
		.id = k->id,
		.at_ms = k->at_ms,
		.org_id = k->org_id,
		.link_id = k->link_id,
		.partner_id = k->partner_id,
		.campaign_id = k->campaign_id,
		.device = k->device,
	};

	if (k->country.n == 2)
		memcpy(h.country, k->country.p, 2);
	memcpy(r->raw, &h, sizeof(h));
	r->bytes = sizeof(h);
	put(r, referrer);
	put(r, utm);
	put(r, sub);
	finish(r, key, h.bytes);
}

void record_encode_pad(struct record *r, const unsigned char key[RECORD_KEY_BYTES], size_t bytes)
{
	struct head h = { .bytes = (uint16_t)bytes, .kind = RECORD_PAD };

	CHECK(bytes >= RECORD_UNIT && bytes < RECORD_MAX && bytes % RECORD_UNIT == 0);
	memcpy(r->raw, &h, PAD_BYTES);
	r->bytes = PAD_BYTES;
	finish(r, key, PAD_BYTES);
}

void record_write(const struct record *r, int64_t at, void *to)
{
	memcpy((char *)to + sizeof(r->seal), r->raw + sizeof(r->seal), r->bytes - sizeof(r->seal));
	atomic_store_explicit((_Atomic uint64_t *)to, check_at(r->seal, at), memory_order_release);
}

bool record_is_written(const void *from)
{
	return atomic_load_explicit((const _Atomic uint64_t *)from, memory_order_acquire) != 0;
}

uint64_t record_check(const unsigned char key[RECORD_KEY_BYTES], int64_t at, const void *raw,
		      size_t n)
{
	return check_at(seal(key, raw, n), at);
}

size_t record_size(const void *from)
{
	uint16_t bytes;

	memcpy(&bytes, (const char *)from + offsetof(struct head, bytes), sizeof(bytes));
	return (bytes + (size_t)RECORD_UNIT - 1) / RECORD_UNIT * RECORD_UNIT;
}

static void decode_click(const struct head *h, const char *texts, struct click *out)
{
	*out = (struct click){
		.id = h->id,
		.org_id = h->org_id,
		.link_id = h->link_id,
		.partner_id = h->partner_id,
		.campaign_id = h->campaign_id,
		.at_ms = h->at_ms,
		.device = h->device,
		.referrer = { texts, h->referrer_len },
		.utm = { texts + h->referrer_len, h->utm_len },
		.sub = { texts + h->referrer_len + h->utm_len, h->sub_len },
		.flags = h->flags,
	};
	if (h->country[0])
		out->country =
			(struct str){ texts - sizeof(*h) + offsetof(struct head, country), 2 };
}

size_t record_decode(const unsigned char key[RECORD_KEY_BYTES], int64_t at, struct str from,
                     struct click *out, bool *out_pad)
{
	const unsigned char *raw = (const unsigned char *)from.p;
	struct head h = { 0 };

	if (from.n < RECORD_UNIT || !record_is_written(raw))
		return 0;
	h.check = atomic_load_explicit((const _Atomic uint64_t *)from.p, memory_order_acquire);
	memcpy((char *)&h + sizeof(h.check), raw + sizeof(h.check), PAD_BYTES - sizeof(h.check));
	if (h.bytes > from.n || h.bytes > RECORD_MAX)
		return 0;
	*out_pad = h.kind == RECORD_PAD;
	if (*out_pad)
		return h.bytes >= RECORD_UNIT && h.bytes % RECORD_UNIT == 0
		    && h.check == record_check(key, at, raw, PAD_BYTES) ? h.bytes : 0;
	if (h.kind != RECORD_CLICK || h.bytes != sizeof(h) + h.referrer_len + h.utm_len + h.sub_len
	    || h.check != record_check(key, at, raw, h.bytes))
		return 0;
	memcpy(&h.id, raw + PAD_BYTES, sizeof(h) - PAD_BYTES);
	decode_click(&h, (const char *)raw + sizeof(h), out);
	return (h.bytes + (size_t)RECORD_UNIT - 1) / RECORD_UNIT * RECORD_UNIT;
}
