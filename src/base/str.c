/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"

#include <strings.h>

int str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int d = n ? memcmp(a.p, b.p, n) : 0;

	if (d != 0)
		return d;
	return (a.n > b.n) - (a.n < b.n);
}

bool str_starts(struct str s, const char *prefix)
{
	size_t n = strlen(prefix);

	return s.n >= n && (n == 0 || memcmp(s.p, prefix, n) == 0);
}

bool str_ends(struct str s, const char *suffix)
{
	size_t n = strlen(suffix);

	return s.n >= n && (n == 0 || memcmp(s.p + s.n - n, suffix, n) == 0);
}

bool str_eq_nocase(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || strncasecmp(a.p, b.p, a.n) == 0);
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str str_trim(struct str s)
{
	while (s.n > 0 && is_space(s.p[0])) {
		s.p++;
		s.n--;
	}
	while (s.n > 0 && is_space(s.p[s.n - 1]))
		s.n--;
	return s;
}

bool str_to_int(struct str s, int64_t *out)
{
	bool minus = s.n > 0 && s.p[0] == '-';
	int64_t value = 0;
	size_t i = minus ? 1 : 0;

	if (i == s.n)
		return false;
	for (; i < s.n; i++) {
		int digit = s.p[i] - '0';

		if (digit < 0 || digit > 9)
			return false;
		if (__builtin_mul_overflow(value, 10, &value)
		    || __builtin_sub_overflow(value, digit, &value))
			return false;
	}
	if (!minus && __builtin_sub_overflow(0, value, &value))
		return false;
	*out = value;
	return true;
}

/* Length of the well-formed UTF-8 sequence at p (RFC 3629, table 3-7 of Unicode), or 0. */
static size_t utf8_sequence(const unsigned char *p, size_t n)
{
	static const struct {
		unsigned char from, to, second_from, second_to, length;
	} rows[] = {
		{ 0x00, 0x7F, 0x00, 0x00, 1 }, { 0xC2, 0xDF, 0x80, 0xBF, 2 },
		{ 0xE0, 0xE0, 0xA0, 0xBF, 3 }, { 0xE1, 0xEC, 0x80, 0xBF, 3 },
		{ 0xED, 0xED, 0x80, 0x9F, 3 }, { 0xEE, 0xEF, 0x80, 0xBF, 3 },
		{ 0xF0, 0xF0, 0x90, 0xBF, 4 }, { 0xF1, 0xF3, 0x80, 0xBF, 4 },
		{ 0xF4, 0xF4, 0x80, 0x8F, 4 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (p[0] < rows[i].from || p[0] > rows[i].to)
			continue;
		if (n < rows[i].length)
			return 0;
		if (rows[i].length > 1 && (p[1] < rows[i].second_from || p[1] > rows[i].second_to))
			return 0;
		for (size_t k = 2; k < rows[i].length; k++)
			if ((p[k] & 0xC0) != 0x80)
				return 0;
		return rows[i].length;
	}
	return 0;
}

bool str_is_text(struct str s)
{
	const unsigned char *p = (const unsigned char *)s.p;

	for (size_t i = 0; i < s.n;) {
		size_t step = 1;

		if (p[i] == 0x7F || (p[i] < 0x20 && !is_space((char)p[i])))
			return false;
		if (p[i] >= 0x80 && (step = utf8_sequence(p + i, s.n - i)) == 0)
			return false;
		i += step;
	}
	return true;
}

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* In the top bit of each byte, with others above the first one found: is it below 0x20, or DEL? */
static uint64_t controls(uint64_t x)
{
	uint64_t del = x ^ EACH(0x7F);

	return (((x - EACH(0x20)) & ~x) | ((del - EACH(0x01)) & ~del)) & EACH(0x80);
}

bool str_has_control(struct str s)
{
	uint64_t eight = 0, found = 0;
	size_t i = 0;

	for (; i + sizeof(eight) <= s.n; i += sizeof(eight)) {
		memcpy(&eight, s.p + i, sizeof(eight));
		found |= controls(eight);
	}
	if (i > 0) /* the last eight, of which some have been looked at */
		memcpy(&eight, s.p + s.n - sizeof(eight), sizeof(eight));
	else
		eight = EACH(' ');
	for (; i < s.n && s.n < sizeof(eight); i++)
		eight = eight << 8 | (unsigned char)s.p[i];
	return (found | controls(eight)) != 0;
}

size_t str_length(struct str s)
{
	size_t count = 0;

	for (size_t i = 0; i < s.n; i++)
		count += ((unsigned char)s.p[i] & 0xC0) != 0x80;
	return count;
}

uint64_t str_hash(struct str s)
{
	uint64_t h = 14695981039346656037ULL;

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * 1099511628211ULL;
	return h;
}
