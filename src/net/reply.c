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
	struct str name, value;
	unsigned unless;
} always[] = {
	{ STR_INIT("Cache-Control"), STR_INIT("no-store"), NOT_CACHEABLE },
	{ STR_INIT("X-Content-Type-Options"), STR_INIT("nosniff"), NOT_BARE },
	{ STR_INIT("Referrer-Policy"), STR_INIT("strict-origin-when-cross-origin"), NOT_BARE },
	{ STR_INIT("Content-Security-Policy"),
	  STR_INIT("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
	           "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
	           "base-uri 'none'"),
	  NOT_BARE },
	{ STR_INIT("Cross-Origin-Opener-Policy"), STR_INIT("same-origin"), NOT_BARE },
	{ STR_INIT("Cross-Origin-Resource-Policy"), STR_INIT("same-origin"), NOT_BARE },
	{ STR_INIT("Strict-Transport-Security"), STR_INIT("max-age=31536000"), HTTPS_ONLY },
};

static bool has_own(const struct res *r, struct str name)
{
	for (size_t i = 0; i < r->header_count; i++) {
		if (str_eq_nocase(r->headers[i].name, name))
			return true;
	}
	return false;
}

/* Names and values end with a NUL. */
typedef void (*header_fn)(void *to, struct str name, struct str value);

/* Every header but those that frame the message. Headers without a value are not sent. */
static void each_header(const struct req *q, const struct res *r, header_fn emit, void *to)
{
	unsigned is = (r->bare ? NOT_BARE : 0u) | (r->cacheable ? NOT_CACHEABLE : 0u)
	              | (q->https ? 0u : HTTPS_ONLY);

	if (r->content_type.n)
		emit(to, STR("Content-Type"), r->content_type);
	for (size_t i = 0; i < r->header_count; i++) {
		if (r->headers[i].value.n)
			emit(to, r->headers[i].name, r->headers[i].value);
	}
	emit(to, STR("Request-Id"), q->request_id);
	for (size_t i = 0; i < LEN(always); i++) {
		if (!(always[i].unless & is) && !has_own(r, always[i].name))
			emit(to, always[i].name, always[i].value);
	}
}

struct message {
	struct MHD_Response *m;
	struct arena *arena;
};

static void add(void *to, struct str name, struct str value)
{
	struct message *message = to;

	/* libmicrohttpd wants a NUL behind the value. */
	CHECK(MHD_add_response_header(message->m, name.p,
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
		add(&message, STR("Connection"), STR("close"));
	return message.m;
}

static char *put(char *at, struct str s)
{
	memcpy(at, s.p, s.n);
	return at + s.n;
}

/* Neither is empty. */
static void append(void *to, struct str name, struct str value)
{
	struct buf *b = to;
	size_t n = name.n + value.n + 4;
	char *at = n < b->cap - b->n ? b->p + b->n : buf_room(b, n);

	at = put(at, name);
	at = put(at, STR(": "));
	at = put(at, value);
	at = put(at, STR("\r\n"));
	*at = '\0';
	b->n = (size_t)(at - b->p);
}

static struct str status_line(struct arena *a, int status)
{
	if (status == 302)
		return STR("HTTP/1.1 302 Found\r\n");
	const char *phrase = MHD_get_reason_phrase_for((unsigned)status);

	return arena_printf(a, "HTTP/1.1 %d %s\r\n", status, phrase ? phrase : "Answer");
}

void reply_text(struct buf *out, const struct req *q, const struct res *r, struct str date)
{
	const void *body = r->static_body ? r->static_body : r->body.p;
	size_t n = r->static_body ? r->static_size : r->body.n;
	bool may_have_body = r->status != 204 && r->status != 304;

	buf_str(out, status_line(r->arena, r->status));
	append(out, STR("Date"), date);
	each_header(q, r, append, out);
	if (may_have_body && n == 0) {
		buf_str(out, STR("Content-Length: 0\r\n"));
	} else if (may_have_body) {
		buf_puts(out, "Content-Length: ");
		buf_int(out, (int64_t)n);
		buf_puts(out, "\r\n");
	}
	buf_str(out, STR("\r\n"));
	if (may_have_body && q->method != METHOD_HEAD)
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
