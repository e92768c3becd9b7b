/* SPDX-License-Identifier: Apache-2.0 */
#include "click/target.h"
#include "click/link_table.h"
#include "base/buf.h"
#include "base/check.h"

#include <glib.h>

/* The parameters of an incoming link that go on to the target; utm_… in the order of utm_field. */
enum { PASS_SUB = UTM_COUNT, PASS_COUNT };

static const struct str passed[PASS_COUNT] = {
	STR_INIT("utm_source"), STR_INIT("utm_medium"),  STR_INIT("utm_campaign"),
	STR_INIT("utm_term"),   STR_INIT("utm_content"), STR_INIT("sub"),
};

#define CLICK_ID "click_id"

/* ---- encoding */

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static int hex_value(char c)
{
	return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

static bool is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
	    || c == '-' || c == '.' || c == '_' || c == '~';
}

static void put_percent(struct buf *b, char c)
{
	static const char digits[] = "0123456789ABCDEF";

	buf_char(b, '%');
	buf_char(b, digits[(unsigned char)c >> 4]);
	buf_char(b, digits[(unsigned char)c & 15]);
}

/* A decoded value into a query. */
static void put_value(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (is_unreserved(s.p[i]))
			buf_char(b, s.p[i]);
		else
			put_percent(b, s.p[i]);
}

/* Encoded text as it is, but for what must not stand in that part of an address. */
static void put_encoded(struct buf *b, struct str s, const char *also)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool percent = c == '%' && i + 2 < s.n && is_hex(s.p[i + 1]) && is_hex(s.p[i + 2]);

		if (percent || is_unreserved(c) || (c && strchr(also, c)))
			buf_char(b, c);
		else
			put_percent(b, c);
	}
}

#define IN_PATH "!$&'()*+,;=:@/"
#define IN_QUERY IN_PATH "?[]"
#define IN_VALUE "!$'()*+,;:@/?"

static struct str decode(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '%' && i + 2 < s.n && is_hex(s.p[i + 1]) && is_hex(s.p[i + 2])) {
			p[n++] = (char)(hex_value(s.p[i + 1]) << 4 | hex_value(s.p[i + 2]));
			i += 2;
		} else {
			p[n++] = s.p[i] == '+' ? ' ' : s.p[i];
		}
	return (struct str){ p, n };
}

/* ---- taking an address apart */

struct parts {
	struct str base; /* all before the query */
	struct str query, fragment; /* without "?" and "#" */
	bool has_fragment;
};

static struct parts split(struct str url)
{
	struct parts p = { .base = url };

	p.base = str_cut(&url, '#');
	p.has_fragment = url.p != NULL;
	p.fragment = url;
	struct str rest = p.base;

	p.base = str_cut(&rest, '?');
	p.query = rest;
	return p;
}

/* Which of the passed parameters this is, or -1. */
static int passed_index(struct str name)
{
	for (int i = 0; i < PASS_COUNT; i++)
		if (str_eq(name, passed[i]))
			return i;
	return -1;
}

/* The first value of each passed parameter, as sent; p is NULL where there is none. */
struct incoming {
	struct str value[PASS_COUNT];
	int count;
};

static struct incoming read_query(struct str query)
{
	struct incoming in = { .count = 0 };

	while (query.n) {
		struct str value = str_cut(&query, '&');
		int i = passed_index(str_cut(&value, '='));

		if (i < 0 || !value.n || in.value[i].p || value.n > TARGET_VALUE_MAX)
			continue;
		in.value[i] = value;
		in.count++;
	}
	return in;
}

static void put_separator(struct buf *b, bool *first)
{
	buf_char(b, *first ? '?' : '&');
	*first = false;
}

/* ---- at a click */

static void put_query(struct buf *b, struct str query, const struct incoming *in, bool *first)
{
	while (query.n) {
		struct str pair = str_cut(&query, '&'), rest = pair;
		int i = passed_index(str_cut(&rest, '='));

		if (i >= 0 && in->value[i].p)
			continue;
		put_separator(b, first);
		buf_str(b, pair);
	}
	for (int i = 0; i < PASS_COUNT; i++) {
		if (!in->value[i].p)
			continue;
		put_separator(b, first);
		buf_str(b, passed[i]);
		buf_char(b, '=');
		put_encoded(b, in->value[i], IN_VALUE);
	}
}

struct str target_build(struct arena *a, struct str prepared, struct str query, struct str click_id)
{
	struct parts p = split(prepared);
	struct incoming in = read_query(query);
	bool first = true;
	struct buf b;

	buf_init(&b, a);
	buf_room(&b, prepared.n + click_id.n + sizeof("?click_id="));
	buf_str(&b, p.base);
	if (in.count) {
		put_query(&b, p.query, &in, &first);
	} else if (p.query.n) {
		put_separator(&b, &first);
		buf_str(&b, p.query);
	}
	if (click_id.n) {
		put_separator(&b, &first);
		buf_put(&b, CLICK_ID "=", sizeof(CLICK_ID));
		buf_str(&b, click_id);
	}
	if (p.has_fragment) {
		buf_char(&b, '#');
		buf_str(&b, p.fragment);
	}
	return buf_text(&b);
}

static bool has_control(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x20)
			return true;
	return false;
}

/* One line of text, or nothing. */
static struct str plain(struct arena *a, struct str encoded)
{
	struct str s = decode(a, encoded);

	return str_is_text(s) && !has_control(s) ? str_trim(s) : (struct str){ 0 };
}

struct str target_utm(struct arena *a, struct str query)
{
	struct incoming in = { .count = 0 };
	struct buf b;

	if (query.n)
		in = read_query(query);
	if (!in.value[UTM_SOURCE].p && !in.value[UTM_MEDIUM].p && !in.value[UTM_CAMPAIGN].p)
		return (struct str){ 0 };
	buf_init(&b, a);
	for (int i = UTM_SOURCE; i <= UTM_CAMPAIGN; i++) {
		if (i > UTM_SOURCE)
			buf_char(&b, '\t');
		buf_str(&b, plain(a, in.value[i]));
	}
	return buf_text(&b);
}

struct str target_sub(struct arena *a, struct str query)
{
	if (query.n == 0)
		return (struct str){ 0 };
	struct incoming in = read_query(query);

	return plain(a, in.value[PASS_SUB]);
}

/* ---- when a link is made */

static bool bad(struct ctx *c, const char *field, const char *why)
{
	return fail(c, ERR_INVALID, field, "%s", why);
}

static bool read_scheme(struct str *url, bool *out_tls)
{
	static const struct {
		struct str text;
		bool tls;
	} schemes[] = { { STR_INIT("http://"), false }, { STR_INIT("https://"), true } };

	for (size_t i = 0; i < LEN(schemes); i++) {
		size_t n = schemes[i].text.n;

		if (!str_eq_nocase(str_slice(*url, 0, n), schemes[i].text))
			continue;
		*out_tls = schemes[i].tls;
		*url = str_slice(*url, n, SIZE_MAX);
		return true;
	}
	return false;
}

static struct str ascii_host(struct arena *a, struct str host)
{
	char *ascii = g_hostname_to_ascii(arena_cstr(a, host));
	struct str out = ascii ? arena_str(a, str_from(ascii)) : (struct str){ 0 };

	g_free(ascii);
	for (size_t i = 0; i < out.n; i++)
		if (!is_unreserved(out.p[i]) || out.p[i] == '~')
			return (struct str){ 0 };
	return out.n <= LINK_HOST_MAX ? out : (struct str){ 0 };
}

static bool is_bracketed(struct str host)
{
	if (host.n < 4 || host.p[0] != '[' || host.p[host.n - 1] != ']')
		return false;
	for (size_t i = 1; i < host.n - 1; i++)
		if (!is_hex(host.p[i]) && host.p[i] != ':' && host.p[i] != '.')
			return false;
	return true;
}

/* host[:port] */
static bool put_authority(struct ctx *c, struct buf *b, struct str authority)
{
	size_t colon = authority.n;
	int64_t port;

	while (colon > 0 && authority.p[colon - 1] >= '0' && authority.p[colon - 1] <= '9')
		colon--;
	bool has_port = colon > 0 && authority.p[colon - 1] == ':';
	struct str host = has_port ? str_slice(authority, 0, colon - 1) : authority;

	if (has_port && (!str_to_int(str_slice(authority, colon, SIZE_MAX), &port) || port < 1
	                 || port > 65535))
		return false;
	if (!is_bracketed(host))
		host = ascii_host(c->arena, host);
	buf_str(b, host);
	if (has_port)
		buf_printf(b, ":%lld", (long long)port);
	return host.n > 0;
}

/* The address's own parameters without click_id, then the defaults it does not have. */
static void put_defaults(struct ctx *c, struct buf *b, struct str query, const struct utm *utm)
{
	bool has[PASS_COUNT] = { false }, first = true;

	while (query.n) {
		struct str pair = str_cut(&query, '&'), rest = pair;
		struct str name = decode(c->arena, str_cut(&rest, '='));
		int i = passed_index(name);

		if (!pair.n || str_is(name, CLICK_ID))
			continue;
		if (i >= 0)
			has[i] = true;
		put_separator(b, &first);
		put_encoded(b, pair, IN_QUERY);
	}
	for (int i = 0; i < UTM_COUNT; i++) {
		if (has[i] || !utm->of[i].n)
			continue;
		put_separator(b, &first);
		buf_str(b, passed[i]);
		buf_char(b, '=');
		put_value(b, utm->of[i]);
	}
}

static size_t authority_bytes(struct str url)
{
	size_t n = 0;

	while (n < url.n && url.p[n] != '/')
		n++;
	return n;
}

bool target_prepare(struct ctx *c, const char *field, struct str url, const struct utm *utm,
                    struct str *out)
{
	static const struct utm none;
	struct parts p;
	bool tls;
	struct buf b;

	url = str_trim(url);
	if (!str_is_text(url) || has_control(url) || !read_scheme(&url, &tls))
		return bad(c, field, "must be an address that begins with https:// or http://");
	p = split(url);
	size_t n = authority_bytes(p.base);

	if (str_find(p.base, '\\', 0) != SIZE_MAX
	    || str_find(str_slice(p.base, 0, n), '@', 0) != SIZE_MAX)
		return bad(c, field, "must not contain a user name or a backslash");
	buf_init(&b, c->arena);
	buf_puts(&b, tls ? "https://" : "http://");
	if (!put_authority(c, &b, str_slice(p.base, 0, n)))
		return bad(c, field, "has no valid host name");
	if (n == p.base.n)
		buf_char(&b, '/');
	put_encoded(&b, str_slice(p.base, n, SIZE_MAX), IN_PATH);
	put_defaults(c, &b, p.query, utm ? utm : &none);
	if (p.has_fragment) {
		buf_char(&b, '#');
		put_encoded(&b, p.fragment, IN_QUERY);
	}
	if (b.n > LINK_URL_MAX)
		return bad(c, field, "is too long");
	*out = buf_text(&b);
	return true;
}

/* ---- referrers */

struct str target_host(struct arena *a, struct str url)
{
	size_t n = 0;

	for (size_t i = 0; i + 2 < url.n && i < 32; i++)
		if (memcmp(url.p + i, "://", 3) == 0) {
			url = str_slice(url, i + 3, SIZE_MAX);
			break;
		}
	while (n < url.n && n <= LINK_HOST_MAX && (is_unreserved(url.p[n]) && url.p[n] != '~'))
		n++;
	if (n == 0 || n > LINK_HOST_MAX || (n < url.n && !strchr(":/?#", url.p[n])))
		return (struct str){ 0 };

	char *host = arena_cstr(a, str_slice(url, 0, n));

	for (size_t i = 0; i < n; i++)
		if (host[i] >= 'A' && host[i] <= 'Z')
			host[i] = (char)(host[i] | 0x20);
	return (struct str){ host, n };
}
