/* SPDX-License-Identifier: Apache-2.0 */
#include "net/strict.h"
#include "net/server.h"

enum { TOKEN = 1, VALUE = 2, HOST = 4 };

/* tchar and field-content of RFC 9110 5.5 and 5.6.2, and what may stand in a Host. */
static unsigned char_class(unsigned char c)
{
	bool alnum = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

	if (alnum)
		return TOKEN | VALUE | HOST;
	if (c == '\t' || c == ' ' || c >= 0x80)
		return VALUE;
	if (c < ' ' || c == 0x7f)
		return 0;
	return VALUE | (strchr("!#$%&'*+-.^_`|~", c) ? TOKEN : 0u)
	       | (strchr(".-_:[]~!$&'()*+,;=", c) ? HOST : 0u);
}

static unsigned char classes[256];

__attribute__((constructor)) static void classes_fill(void)
{
	for (int c = 0; c < 256; c++)
		classes[c] = (unsigned char)char_class((unsigned char)c);
}

static bool all_of(struct str s, unsigned class)
{
	unsigned common = class;

	/* no way out in between: it is nearly always true, and this is every byte of every head */
	for (size_t i = 0; i < s.n; i++)
		common &= classes[(unsigned char)s.p[i]];
	return common != 0;
}

static bool line_fits(const struct head *h)
{
	return h->method.n > 0 && all_of(h->method, TOKEN)
	       && h->target.p == h->method.p + h->method.n + 1
	       && h->version.p == h->target.p + h->target.n + 1
	       && (str_is(h->version, "HTTP/1.1") || str_is(h->version, "HTTP/1.0"));
}

/* The header must begin at `at`; sets *out_next to where the next line must begin. */
static bool header_fits(const struct req_header *h, const char *at, const char **out_next)
{
	if (h->name.p != at || h->name.n == 0 || !all_of(h->name, TOKEN)
	    || (str_has_control(h->value) && !all_of(h->value, VALUE))) /* a tab may be */
		return false;
	for (const char *p = at + h->name.n + 1; p < h->value.p; p++) {
		if (*p != ' ' && *p != '\t')
			return false;
	}
	*out_next = h->value.p + h->value.n + 2;
	return true;
}

static int head_check(const struct head *h)
{
	if (h->target.n > SERVER_TARGET_MAX)
		return 414;
	if (h->header_count > SERVER_HEADERS_MAX)
		return 431;
	if (!line_fits(h))
		return 400;

	const char *at = h->version.p + h->version.n + 2;

	for (size_t i = 0; i < h->header_count; i++) {
		if (!header_fits(&h->headers[i], at, &at))
			return 400;
		if (at - h->method.p > SERVER_HEAD_MAX)
			return 431;
	}
	return at + 2 == h->method.p + h->size ? 0 : 400;
}

/* The headers that frame a request, of which there may be one each; NULL when there is none. */
enum { HOST_NAME, LENGTH, CODING, EXPECT, FRAMES };

static const struct str frames[FRAMES] = {
	[HOST_NAME] = STR_INIT("host"), [LENGTH] = STR_INIT("content-length"),
	[CODING] = STR_INIT("transfer-encoding"), [EXPECT] = STR_INIT("expect"),
};

/* False when there are several of one. */
static bool frames_find(const struct head *h, const struct req_header *out[FRAMES])
{
	for (size_t i = 0; i < h->header_count; i++) {
		const struct req_header *header = &h->headers[i];

		for (size_t k = 0; k < FRAMES; k++) {
			if (header->name.n != frames[k].n || !str_eq_nocase(header->name, frames[k]))
				continue;
			if (out[k])
				return false;
			out[k] = header;
		}
	}
	return true;
}

static int host_check(const struct head *h, const struct req_header *host, struct framing *out)
{
	if (!host)
		return str_is(h->version, "HTTP/1.1") ? 400 : 0;
	out->host = str_trim(host->value);
	return out->host.n > 0 && all_of(out->host, HOST) ? 0 : 400;
}

static bool length_read(struct str s, int64_t *out)
{
	return s.n > 0 && s.n <= 18 && s.p[0] >= '0' && s.p[0] <= '9' && str_to_int(s, out);
}

static int body_check(const struct head *h, const struct req_header *const at[FRAMES],
                      struct framing *out)
{
	const struct req_header *length = at[LENGTH], *coding = at[CODING], *expect = at[EXPECT];

	if (length && (coding || !length_read(str_trim(length->value), &out->body_bytes)))
		return 400;
	if (coding && !str_is(h->version, "HTTP/1.1"))
		return 400;
	if (coding && !str_eq_nocase(str_trim(coding->value), STR("chunked")))
		return 501;
	if (expect && !str_eq_nocase(str_trim(expect->value), STR("100-continue")))
		return 417;
	out->chunked = coding != NULL;
	return 0;
}

/* "http://host/path" is the same as "/path" with that Host. */
static bool absolute_cut(struct str *target, struct str host)
{
	size_t scheme = 0;

	if (target->n > 0 && target->p[0] == 'h')
		scheme = str_starts(*target, "http://") ? 7 : str_starts(*target, "https://") ? 8 : 0;
	if (scheme == 0)
		return true;
	struct str rest = str_slice(*target, scheme, target->n);
	size_t slash = str_find(rest, '/', 0);

	if (slash == SIZE_MAX || !str_eq_nocase(str_slice(rest, 0, slash), host))
		return false;
	*target = str_slice(rest, slash, rest.n);
	return true;
}

static int target_check(const struct head *h, struct framing *out)
{
	struct str target = h->target_text;

	for (size_t i = 0; i < target.n; i++) {
		unsigned char c = (unsigned char)target.p[i];

		if (c <= ' ' || c == 0x7f || c == '#')
			return 400;
	}
	if (!absolute_cut(&target, out->host))
		return 400;
	if (target.n == 0 || (target.p[0] != '/' && !str_is(target, "*")))
		return 400;
	out->path = str_cut(&target, '?');
	out->query = target;
	return 0;
}

int strict_check(const struct head *h, struct framing *out)
{
	const struct req_header *at[FRAMES] = { NULL };
	int status = head_check(h);

	*out = (struct framing){ 0 };
	if (status == 0 && !frames_find(h, at))
		status = 400;
	if (status == 0)
		status = host_check(h, at[HOST_NAME], out);
	if (status == 0)
		status = body_check(h, at, out);
	return status ? status : target_check(h, out);
}

/* The next line of the text, which must end with CR LF; false without one. */
static bool line_cut(struct str *rest, struct str *out)
{
	struct str line = str_cut(rest, '\n');

	if (!rest->p || line.n == 0 || line.p[line.n - 1] != '\r')
		return false;
	*out = str_slice(line, 0, line.n - 1);
	return true;
}

static bool request_line_cut(struct str *rest, struct head *h)
{
	struct str line;

	if (!line_cut(rest, &line))
		return false;
	h->method = str_cut(&line, ' ');
	h->target = h->target_text = str_cut(&line, ' ');
	h->version = line;
	return line.p && (str_is(h->method, "GET") || str_is(h->method, "HEAD"))
	       && str_is(h->version, "HTTP/1.1");
}

/* Headers that make a request more than plain. */
static bool is_plain(struct str name, struct str value)
{
	switch (name.n) {
	case 6:
		return !str_eq_nocase(name, STR("expect"));
	case 7:
		return !str_eq_nocase(name, STR("upgrade"));
	case 10:
		return !str_eq_nocase(name, STR("connection"))
		       || str_eq_nocase(value, STR("keep-alive"));
	case 14:
		return !str_eq_nocase(name, STR("content-length"));
	case 17:
		return !str_eq_nocase(name, STR("transfer-encoding"));
	default:
		return true;
	}
}

bool strict_cut(struct str text, struct req_header *headers, size_t max, struct head *h)
{
	struct str rest = text, line;

	*h = (struct head){ .headers = headers };
	if (!request_line_cut(&rest, h))
		return false;
	while (line_cut(&rest, &line) && line.n > 0) {
		struct str value = line;
		struct str name = str_cut(&value, ':');

		if (!value.p || h->header_count == max)
			return false;
		while (value.n > 0 && (value.p[0] == ' ' || value.p[0] == '\t'))
			value = str_slice(value, 1, value.n);
		if (!is_plain(name, value))
			return false;
		headers[h->header_count++] = (struct req_header){ name, value };
	}
	if (!rest.p || line.n > 0)
		return false;
	h->size = (size_t)(rest.p - text.p);
	return true;
}
