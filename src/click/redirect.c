/* SPDX-License-Identifier: Apache-2.0 */
#include "click/redirect.h"
#include "click/target.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/id.h"

#include <stdatomic.h>

#define STYLE \
	":root{color-scheme:light dark}" \
	"body{margin:0;min-height:100vh;display:grid;place-content:center;padding:2rem;" \
	"font:1.0625rem/1.6 system-ui,sans-serif;text-align:center;" \
	"color:#1f2937;background:#f8fafc}" \
	"h1{font-size:1.5rem;margin:0 0 .5rem}p{margin:0;max-width:34rem}" \
	"b{display:block;font-size:3.5rem;line-height:1;color:#64748b;margin-bottom:1rem}" \
	"@media(prefers-color-scheme:dark)" \
	"{body{color:#e2e8f0;background:#0f172a}b{color:#94a3b8}}"

/* The hash is that of STYLE; a test compares them. */
#define STYLE_HASH "sha256-gKQwSdnWGtxeqxY3v9rgZ8vImvKEq5r5vvLIu585X54="

static const char page_unknown[] =
	"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
	"<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
	"<meta name=\"robots\" content=\"noindex\"><title>This link leads nowhere</title>"
	"<style>" STYLE "</style></head><body><main><b aria-hidden=\"true\">404</b>"
	"<h1>This link leads nowhere</h1><p>It may have been mistyped, or it is no longer in use. "
	"Please ask whoever gave it to you for a new one.</p></main></body></html>\n";

static _Atomic(struct clicks *) in_use;

void redirect_use(struct clicks *k)
{
	atomic_store(&in_use, k);
}

/* The headers that matter, found in one pass. */
struct seen {
	struct str user_agent, referrer;
	bool prefetch;
};

/* X-Moz and X-Purpose are sent for nothing else. */
static bool asks_ahead(const struct req_header *h)
{
	return str_eq_nocase(h->name, STR("x-moz")) || str_eq_nocase(h->name, STR("x-purpose"))
	    || (str_eq_nocase(h->name, STR("sec-purpose")) && str_starts(h->value, "prefetch"));
}

static struct seen look_at_headers(const struct req *q)
{
	struct seen s = { .prefetch = false };

	for (size_t i = 0; i < q->header_count; i++) {
		const struct req_header *h = &q->headers[i];

		switch (h->name.n) {
		case 7: /* a browser sends no Purpose for anything but a prefetch or a preview */
			if (str_eq_nocase(h->name, STR("referer")))
				s.referrer = h->value;
			else if (str_eq_nocase(h->name, STR("purpose")))
				s.prefetch = true;
			break;
		case 10:
			if (str_eq_nocase(h->name, STR("user-agent")))
				s.user_agent = h->value;
			break;
		case 5:
		case 9:
		case 11:
			s.prefetch = s.prefetch || asks_ahead(h);
			break;
		default:
			break;
		}
	}
	return s;
}

/* The host of the request in lower case, without port; "" if it is longer than any host. */
static struct str host_name(char out[LINK_HOST_MAX], struct str host)
{
	size_t n = 0;

	while (n < host.n && host.p[n] != ':') {
		if (n == LINK_HOST_MAX)
			return (struct str){ 0 };
		char c = host.p[n];

		out[n++] = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
	}
	return (struct str){ out, n };
}

static void answer_unknown(struct res *r)
{
	res_text(r, 404, STR("text/html; charset=utf-8"), (struct str){ 0 });
	r->static_body = page_unknown;
	r->static_size = sizeof(page_unknown) - 1;
	res_header(r, "Content-Security-Policy",
	           STR("default-src 'none'; style-src '" STYLE_HASH "'; frame-ancestors 'none'; "
	               "base-uri 'none'; form-action 'none'"));
}

/* Record the visit; the id as text, or "" where nothing is recorded. */
static struct str record(struct clicks *k, const struct link_entry *link, const struct ctx *c,
                         const struct req *q)
{
	struct seen seen = look_at_headers(q);
	struct visit v = {
		.at_ms = c->now_ms ? c->now_ms : clock_now_ms(), .ip = q->remote_ip,
		.user_agent = seen.user_agent, .referrer = seen.referrer, .query = q->query_text,
		.flags = seen.prefetch ? CLICK_PREFETCH : 0,
	};
	int64_t id;

	if (q->method == METHOD_HEAD || link->flags & LINK_SUSPENDED)
		return (struct str){ 0 };
	/* A failure is counted, as lost or as unsafe; the visitor goes on. */
	(void)click_record(k, q->arena, link, &v, &id);
	return id_str(q->arena, ID_CLICK, id);
}

bool redirect_run(struct ctx *c, const struct req *q, struct res *r)
{
	struct clicks *k = atomic_load_explicit(&in_use, memory_order_acquire);
	struct link_entry link;
	char host[LINK_HOST_MAX];

	CHECK(k && q->arg_count > 0);
	struct link_pin pin = link_table_pin(click_links(k));
	struct str own = { 0 };

	if (link_table_has_hosts(click_links(k)))
		own = host_name(host, q->host);
	bool found = link_table_find(click_links(k), own, q->args[0], &link);
	struct str location = { 0 };

	if (found)
		location = target_build(q->arena, link.url, q->query_text, record(k, &link, c, q));
	link_table_unpin(pin);

	click_count(k, found ? CLICK_REDIRECTS : CLICK_UNKNOWN);
	if (!found) {
		answer_unknown(r);
		return true;
	}
	res_redirect(r, 302, location);
	res_header(r, "Referrer-Policy", STR("no-referrer-when-downgrade"));
	r->bare = true;
	return true;
}
