/* SPDX-License-Identifier: Apache-2.0 */
#include "net/reply.h"
#include "base/check.h"
#include "base/clock.h"

#include <microhttpd.h>
#include <stdio.h>
#include <unistd.h>

/* When a header is left out: an answer that is bare, cacheable, or not over https. */
enum { NOT_BARE = 1, NOT_CACHEABLE = 2, HTTPS_ONLY = 4 };

static const struct {
	const char *name, *value;
	unsigned unless;
} always[] = {
	{ "Cache-Control", "no-store", NOT_CACHEABLE },
	{ "X-Content-Type-Options", "nosniff", NOT_BARE },
	{ "Referrer-Policy", "strict-origin-when-cross-origin", NOT_BARE },
	{ "Content-Security-Policy",
	  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
	  "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
	  "base-uri 'none'",
	  NOT_BARE },
	{ "Cross-Origin-Opener-Policy", "same-origin", NOT_BARE },
	{ "Cross-Origin-Resource-Policy", "same-origin", NOT_BARE },
	{ "Strict-Transport-Security", "max-age=31536000", HTTPS_ONLY },
};

static bool has_own(const struct res *r, const char *name)
{
	for (size_t i = 0; i < r->header_count; i++) {
		if (str_eq_nocase(r->headers[i].name, str_from(name)))
			return true;
	}
	return false;
}

typedef void (*header_fn)(void *to, const char *name, struct str value);

/* Every header but those that frame the message. Headers without a value are not sent. */
static void each_header(const struct req *q, const struct res *r, header_fn emit, void *to)
{
	unsigned is = (r->bare ? NOT_BARE : 0u) | (r->cacheable ? NOT_CACHEABLE : 0u)
	              | (q->https ? 0u : HTTPS_ONLY);

	if (r->content_type.n)
		emit(to, "Content-Type", r->content_type);
	for (size_t i = 0; i < r->header_count; i++) {
		if (r->headers[i].value.n)
			emit(to, r->headers[i].name.p, r->headers[i].value);
	}
	emit(to, "Request-Id", q->request_id);
	for (size_t i = 0; i < LEN(always); i++) {
		if (!(always[i].unless & is) && !has_own(r, always[i].name))
			emit(to, always[i].name, str_from(always[i].value));
	}
}

struct message {
	struct MHD_Response *m;
	struct arena *arena;
};

static void add(void *to, const char *name, struct str value)
{
	struct message *message = to;

	/* libmicrohttpd wants a NUL behind the value. */
	CHECK(MHD_add_response_header(message->m, name,
	                              arena_cstr(message->arena, value)) == MHD_YES);
}

struct MHD_Response *reply_new(const struct req *q, const struct res *r, bool close)
{
	const void *body = r->static_body ? r->static_body : r->body.p;
	size_t n = r->static_body ? r->static_size : r->body.n;
	struct message message = { .arena = r->arena };
	int copy = r->has_file ? dup(r->file) : -1; /* libmicrohttpd closes its own */

	if (copy >= 0)
		message.m = MHD_create_response_from_fd(r->file_size, copy);
	else
		message.m = MHD_create_response_from_buffer(n, (void *)(uintptr_t)(n ? body : ""),
		                                            MHD_RESPMEM_PERSISTENT);
	CHECK(message.m != NULL);
	each_header(q, r, add, &message);
	if (close)
		add(&message, "Connection", STR("close"));
	return message.m;
}

static void append(void *to, const char *name, struct str value)
{
	struct buf *b = to;

	buf_puts(b, name);
	buf_put(b, ": ", 2);
	buf_str(b, value);
	buf_put(b, "\r\n", 2);
}

void reply_text(struct buf *out, const struct req *q, const struct res *r, struct str date)
{
	const char *phrase = MHD_get_reason_phrase_for((unsigned)r->status);
	const void *body = r->static_body ? r->static_body : r->body.p;
	size_t n = r->static_body ? r->static_size : r->body.n;

	buf_puts(out, "HTTP/1.1 ");
	buf_int(out, r->status);
	buf_char(out, ' ');
	buf_puts(out, phrase ? phrase : "Answer");
	buf_puts(out, "\r\n");
	append(out, "Date", date);
	each_header(q, r, append, out);
	if (r->status != 204 && r->status != 304) {
		buf_puts(out, "Content-Length: ");
		buf_int(out, (int64_t)n);
		buf_puts(out, "\r\n");
	}
	buf_puts(out, "\r\n");
	if (q->method != METHOD_HEAD && r->status != 204 && r->status != 304)
		buf_put(out, body, n);
}

size_t http_date(int64_t at_ms, char out[HTTP_DATE_MAX])
{
	static const char days[][4] = { "Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed" };
	static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
	                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	struct date d = date_from_days(at_ms / MS_PER_DAY);
	int s = (int)(at_ms % MS_PER_DAY / MS_PER_SECOND);

	return (size_t)snprintf(out, HTTP_DATE_MAX, "%s, %02d %s %04d %02d:%02d:%02d GMT",
	                        days[at_ms / MS_PER_DAY % 7], d.day, months[d.month - 1], d.year,
	                        s / 3600, s / 60 % 60, s % 60);
}
