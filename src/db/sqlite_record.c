/* SPDX-License-Identifier: Apache-2.0 */
#include "db/sqlite_record.h"

#include <endian.h>

/* The types of values: how many bytes those below 12 have; from then on blobs and texts. */
enum {
	SERIAL_NULL = 0, SERIAL_INT1 = 1, SERIAL_INT8 = 6, SERIAL_ZERO = 8, SERIAL_ONE = 9,
	SERIAL_BLOB = 12,
};

static const uint8_t lengths[SERIAL_BLOB] = { 0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0 };

#define VARINT_MAX 9

size_t record_varint(const unsigned char *p, size_t n, uint64_t *out)
{
	uint64_t v = 0;

	for (size_t i = 0; i < n && i < VARINT_MAX - 1; i++) {
		v = v << 7 | (p[i] & 0x7F);
		if (p[i] < 0x80) {
			*out = v;
			return i + 1;
		}
	}
	if (n < VARINT_MAX)
		return 0;
	*out = v << 8 | p[VARINT_MAX - 1];
	return VARINT_MAX;
}

static size_t length_of(uint64_t type)
{
	return type < SERIAL_BLOB ? lengths[type] : (size_t)(type - SERIAL_BLOB) / 2;
}

/* The next number of the header, which ends at `end`; false if it does not hold one. */
static inline bool next_type(const unsigned char *p, size_t *at, size_t end, uint64_t *out)
{
	size_t n;

	if (*at < end && p[*at] < 0x80) {
		*out = p[(*at)++];
		return true;
	}
	n = *at < end ? record_varint(p + *at, end - *at, out) : 0;
	*at += n;
	return n > 0;
}

/* Big-endian, of as many bytes as the type says; what is read behind them is shifted out. */
static int64_t number(uint64_t type, const unsigned char *p)
{
	uint64_t v;

	_Static_assert(RECORD_SLACK >= sizeof(v), "may be read whole");
	memcpy(&v, p, sizeof(v));
	return (int64_t)be64toh(v) >> (64 - 8 * lengths[type]);
}

static bool put_number(uint64_t type, const unsigned char *p, int64_t *to)
{
	bool is_long = type >= SERIAL_INT1 && type <= SERIAL_INT8;

	*to = is_long ? number(type, p) : type == SERIAL_ONE;
	return is_long || type == SERIAL_NULL || type == SERIAL_ZERO || type == SERIAL_ONE;
}

static bool put_text(uint64_t type, const unsigned char *p, struct arena *texts, struct str *to)
{
	bool is_text = type > SERIAL_BLOB && type % 2 == 1;

	*to = is_text ? arena_str(texts, (struct str){ (const char *)p, length_of(type) }) : STR("");
	return is_text || type == SERIAL_NULL;
}

/* Where the header ends; false if that is behind the bytes at hand. */
static bool header_of(const struct record *r, size_t *at, size_t *out_end)
{
	uint64_t bytes;

	*at = 0;
	if (!next_type(r->p, at, r->n, &bytes) || bytes > r->n)
		return false;
	*out_end = (size_t)bytes;
	return true;
}

enum record_result record_take(const struct record *r, const struct record_shape *shape,
                               struct arena *texts, char *row)
{
	size_t at, end, next;
	uint64_t type;

	if (!header_of(r, &at, &end))
		return RECORD_CUT;
	next = end;
	for (const struct record_slot *s = shape->slots; s < shape->slots + shape->count; s++) {
		void *to = row + s->offset;

		if (!next_type(r->p, &at, end, &type))
			return RECORD_ODD;
		if (length_of(type) > r->n - next)
			return RECORD_CUT;
		if (s->kind == RECORD_NUMBER && !put_number(type, r->p + next, to))
			return RECORD_ODD;
		if (s->kind == RECORD_TEXT && !put_text(type, r->p + next, texts, to))
			return RECORD_ODD;
		next += length_of(type);
	}
	return at < end || next == r->whole ? RECORD_TAKEN : RECORD_ODD;
}

bool record_first(const struct record *r, int64_t *out)
{
	size_t at, end;
	uint64_t type;

	return header_of(r, &at, &end) && next_type(r->p, &at, end, &type) && type != SERIAL_NULL
	    && length_of(type) <= r->n - end && put_number(type, r->p + end, out);
}
