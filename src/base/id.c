/* SPDX-License-Identifier: Apache-2.0 */
#include "base/id.h"
#include "base/check.h"
#include "base/clock.h"

#include <stdatomic.h>

#define EPOCH_MS 1577836800000LL /* 2020-01-01T00:00:00Z */
#define NODE_BITS 7
#define COUNTER_BITS 14
#define DIGITS 13 /* 13 x 5 = 65 bits */

static const char *const prefixes[ID_KIND_COUNT] = {
	[ID_ORG] = "org",      [ID_USER] = "usr",     [ID_CAMPAIGN] = "cmp",
	[ID_TERMS] = "trm",    [ID_PARTNER] = "prt",  [ID_ENROLMENT] = "enr",
	[ID_CHANNEL] = "chn",  [ID_LINK] = "lnk",     [ID_CODE] = "cod",
	[ID_CLICK] = "clk",    [ID_CUSTOMER] = "cus", [ID_EVENT] = "evt",
	[ID_COMMISSION] = "com", [ID_LEDGER] = "led", [ID_PAYOUT] = "pay",
	[ID_RUN] = "run",      [ID_DEAL] = "dea",     [ID_PROJECT] = "prj",
	[ID_DOCUMENT] = "doc", [ID_WEBHOOK] = "whk",  [ID_KEY] = "key",
	[ID_REQUEST] = "req",  [ID_WORKSPACE] = "wsp", [ID_SESSION] = "ses",
	[ID_AUDIT] = "aud",    [ID_JOB] = "job",     [ID_CHECKPOINT] = "chk",
	[ID_RESTATEMENT] = "rst", [ID_MESSAGE] = "msg", [ID_DELIVERY] = "dlv",
	[ID_ACCOUNT] = "acc",  [ID_INVITATION] = "inv",
};

static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";

static _Atomic int64_t last_tick; /* milliseconds << COUNTER_BITS | counter */
static _Atomic int64_t node_bits;

void id_set_node(int node)
{
	CHECK(node >= 0 && node < 1 << NODE_BITS);
	atomic_store(&node_bits, (int64_t)node << COUNTER_BITS);
}

int64_t id_new(void)
{
	int64_t fresh = (clock_real_ms() - EPOCH_MS) << COUNTER_BITS;
	int64_t last = atomic_load(&last_tick);
	int64_t tick;

	do
		tick = fresh > last ? fresh : last + 1;
	while (!atomic_compare_exchange_weak(&last_tick, &last, tick));

	int64_t counter = tick & ((1 << COUNTER_BITS) - 1);
	int64_t ms = tick >> COUNTER_BITS;

	CHECK(ms >= 0);
	return ms << (NODE_BITS + COUNTER_BITS) | atomic_load(&node_bits) | counter;
}

int64_t id_time_ms(int64_t id)
{
	return (id >> (NODE_BITS + COUNTER_BITS)) + EPOCH_MS;
}

int64_t id_at_ms(int64_t at_ms)
{
	return at_ms > EPOCH_MS ? (at_ms - EPOCH_MS) << (NODE_BITS + COUNTER_BITS) : 0;
}

const char *id_prefix(enum id_kind kind)
{
	CHECK(kind >= 0 && kind < ID_KIND_COUNT);
	return prefixes[kind];
}

size_t id_format(enum id_kind kind, int64_t id, char out[ID_TEXT_MAX])
{
	const char *prefix = id_prefix(kind);
	size_t n = strlen(prefix);
	uint64_t rest = (uint64_t)id;

	CHECK(id > 0);
	memcpy(out, prefix, n);
	out[n++] = '_';
	for (size_t i = 0; i < DIGITS; i++)
		out[n + i] = alphabet[rest >> (5 * (DIGITS - 1 - i)) & 31];
	n += DIGITS;
	out[n] = '\0';
	return n;
}

struct str id_str(struct arena *a, enum id_kind kind, int64_t id)
{
	char *p = arena_alloc(a, ID_TEXT_MAX);

	return (struct str){ p, id_format(kind, id, p) };
}

static int digit_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		c = (char)(c - 'A' + 'a');
	const char *hit = c ? strchr(alphabet, c) : NULL;

	return hit ? (int)(hit - alphabet) : -1;
}

bool id_parse(enum id_kind kind, struct str s, int64_t *out)
{
	const char *prefix = id_prefix(kind);
	size_t n = strlen(prefix);
	uint64_t value = 0;

	if (s.n != n + 1 + DIGITS || memcmp(s.p, prefix, n) != 0 || s.p[n] != '_')
		return false;
	for (size_t i = n + 1; i < s.n; i++) {
		int digit = digit_value(s.p[i]);

		if (digit < 0 || value > UINT64_MAX >> 5)
			return false;
		value = value << 5 | (uint64_t)digit;
	}
	if (value == 0 || value > INT64_MAX)
		return false;
	*out = (int64_t)value;
	return true;
}
