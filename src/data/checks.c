/* SPDX-License-Identifier: Apache-2.0 */
#include "data/checks.h"

#include "base/buf.h"
#include "base/money.h"

#define EMAIL_MAX 254 /* RFC 5321, 4.5.3.1.3 without the angle brackets */
#define SLUG_MAX 64

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Labels of letters, digits, hyphens or anything beyond ASCII, at least two of them. */
static bool is_domain(struct str s)
{
	size_t dots = 0, label = 0;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '.') {
			if (label == 0)
				return false;
			dots++;
			label = 0;
			continue;
		}
		if (!is_letter(c) && !is_digit(c) && c != '-' && (unsigned char)c < 0x80)
			return false;
		label++;
	}
	return dots > 0 && label > 0;
}

const char *check_email(struct str s)
{
	static const char wrong[] = "is not an e-mail address";
	size_t at = str_find(s, '@', 0);

	if (s.n > EMAIL_MAX)
		return "is longer than an e-mail address can be";
	if (at == SIZE_MAX || at == 0 || str_find(s, '@', at + 1) != SIZE_MAX)
		return wrong;
	for (size_t i = 0; i < at; i++)
		if (s.p[i] <= ' ' && (unsigned char)s.p[i] < 0x80)
			return wrong;
	for (size_t i = 0; i < at; i++)
		if (strchr("\"(),:;<>[\\]", s.p[i]))
			return wrong;
	return is_domain(str_slice(s, at + 1, s.n)) ? NULL : wrong;
}

const char *check_url(struct str s)
{
	static const char wrong[] = "is not an address that begins with https:// or http://";
	size_t from = str_starts(s, "https://") ? 8 : str_starts(s, "http://") ? 7 : 0;

	if (from == 0 || s.n == from || strchr("/?#:@", s.p[from]))
		return wrong;
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ' || strchr("\"<>\\^`{|}", s.p[i]))
			return "has characters that cannot stand in an address";
	return NULL;
}

const char *check_slug(struct str s)
{
	if (s.n == 0 || s.n > SLUG_MAX)
		return "must have 1 to 64 characters";
	for (size_t i = 0; i < s.n; i++)
		if (!is_letter(s.p[i]) && !is_digit(s.p[i]) && s.p[i] != '-' && s.p[i] != '_')
			return "may only have letters, digits, hyphens and underscores";
	return NULL;
}

static bool is_upper(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < 'A' || s.p[i] > 'Z')
			return false;
	return true;
}

const char *check_country(struct str s)
{
	if (s.n == 0 || (s.n == 2 && is_upper(s)))
		return NULL;
	return "must be the two-letter ISO 3166-1 code of a country, such as DE";
}

const char *check_currency(struct str s)
{
	if (s.n == 3 && is_upper(s) && currency_find(s))
		return NULL;
	return "must be an ISO 4217 currency code like USD";
}

/* Bytes of the first character. */
static size_t first_char(struct str s)
{
	size_t n = 1;

	while (n < s.n && ((unsigned char)s.p[n] & 0xC0) == 0x80)
		n++;
	return s.n ? n : 0;
}

struct str email_mask(struct arena *a, struct str email)
{
	size_t at = str_find(email, '@', 0), dot = SIZE_MAX;
	struct buf b;

	if (email.n == 0)
		return email;
	buf_init(&b, a);
	buf_put(&b, email.p, first_char(email));
	buf_puts(&b, "***");
	if (at == SIZE_MAX)
		return buf_text(&b);

	struct str domain = str_slice(email, at + 1, email.n);

	for (size_t i = 0; i < domain.n; i++)
		if (domain.p[i] == '.')
			dot = i;
	buf_char(&b, '@');
	buf_put(&b, domain.p, first_char(domain));
	buf_puts(&b, "***");
	buf_str(&b, str_slice(domain, dot, domain.n));
	return buf_text(&b);
}

struct str email_fold(struct arena *a, struct str email)
{
	struct str s = str_trim(email);
	char *p = arena_cstr(a, s);

	for (size_t i = 0; i < s.n; i++)
		if (p[i] >= 'A' && p[i] <= 'Z')
			p[i] = (char)(p[i] - 'A' + 'a');
	return (struct str){ p, s.n };
}

struct str upper_fold(struct arena *a, struct str s)
{
	char *p = arena_cstr(a, s);

	for (size_t i = 0; i < s.n; i++)
		if (p[i] >= 'a' && p[i] <= 'z')
			p[i] = (char)(p[i] - 'a' + 'A');
	return (struct str){ p, s.n };
}
