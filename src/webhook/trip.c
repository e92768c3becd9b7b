/* SPDX-License-Identifier: Apache-2.0 */
#include "webhook/trip.h"

#include "base/buf.h"
#include "base/check.h"
#include "base/clock.h"
#include "webhook/delivery.h"
#include "webhook/guard.h"
#include "webhook/signature.h"

#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>

#define CONNECT_SECONDS 10L

struct trip *trip_new(const struct parcel *p)
{
	struct trip *t = calloc(1, sizeof(*t));
	struct arena *a;

	CHECK(t != NULL);
	a = &t->arena;
	arena_init(a);
	t->parcel = *p;
	t->parcel.url = arena_str(a, p->url);
	t->parcel.message = arena_str(a, p->message);
	t->parcel.body = arena_str(a, p->body);
	for (size_t i = 0; i < LEN(p->secrets); i++)
		t->parcel.secrets[i] = arena_str(a, p->secrets[i]);
	return t;
}

static void let_go(struct trip *t)
{
	curl_easy_cleanup(t->easy);
	curl_slist_free_all(t->headers);
	t->easy = NULL;
	t->headers = NULL;
}

void trip_free(struct trip *t)
{
	let_go(t);
	for (size_t i = 0; i < LEN(t->parcel.secrets); i++)
		sodium_memzero((char *)(uintptr_t)t->parcel.secrets[i].p, t->parcel.secrets[i].n);
	arena_release(&t->arena);
	free(t);
}

/* Called with each address that the name stands for, before it is connected to. */
static curl_socket_t open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct trip *t = arg;

	(void)purpose;
	if (!t->private && !guard_public(&to->addr)) {
		t->refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

static size_t take(char *p, size_t size, size_t n, void *arg)
{
	struct trip *t = arg;

	n *= size;
	t->cut = t->answer.n + n > COURIER_BYTES;
	if (t->cut)
		return 0;
	buf_str(&t->answer, (struct str){ p, n });
	return n;
}

static void header(struct trip *t, const char *name, struct str value)
{
	struct str line = arena_printf(&t->arena, "%s: %.*s", name, STR_ARG(value));

	t->headers = curl_slist_append(t->headers, line.p);
	CHECK(t->headers != NULL);
}

/* The receiver holds the time against its own clock: it is the real one. */
static void put_headers(struct trip *t)
{
	const struct parcel *p = &t->parcel;
	struct signature_input in = { p->message, clock_real_ms() / MS_PER_SECOND, p->body };

	header(t, "Content-Type", STR("application/json"));
	header(t, "Accept", STR("*/*"));
	header(t, "Expect", STR("")); /* no 100-continue */
	header(t, "webhook-id", p->message);
	header(t, "webhook-timestamp",
	       arena_printf(&t->arena, "%lld", (long long)in.seconds));
	header(t, "webhook-signature", signature_header(&t->arena, &in, p->secrets));
}

static void put_limits(CURL *h, const struct courier_config *config, struct arena *a)
{
	curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, config->private ? "http,https" : "https");
	curl_easy_setopt(h, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
	curl_easy_setopt(h, CURLOPT_TIMEOUT, (long)COURIER_SECONDS);
	curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(h, CURLOPT_QUICK_EXIT, 1L); /* never wait for a slow name server */
	curl_easy_setopt(h, CURLOPT_PROXY, "");
	curl_easy_setopt(h, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(h, CURLOPT_USERAGENT, "partnerd/" PARTNERD_VERSION);
	if (config->ca.n > 0)
		curl_easy_setopt(h, CURLOPT_CAINFO, arena_cstr(a, config->ca));
}

void trip_begin(struct trip *t, const struct courier_config *config)
{
	CURL *h = curl_easy_init();

	CHECK(h != NULL);
	t->easy = h;
	t->private = config->private;
	t->began_ns = clock_mono_ns();
	buf_init(&t->answer, &t->arena);
	put_headers(t);
	put_limits(h, config, &t->arena);
	curl_easy_setopt(h, CURLOPT_URL, t->parcel.url.p);
	curl_easy_setopt(h, CURLOPT_HTTPHEADER, t->headers);
	curl_easy_setopt(h, CURLOPT_POST, 1L);
	curl_easy_setopt(h, CURLOPT_POSTFIELDS, t->parcel.body.p);
	curl_easy_setopt(h, CURLOPT_POSTFIELDSIZE, (long)t->parcel.body.n);
	curl_easy_setopt(h, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(h, CURLOPT_OPENSOCKETDATA, t);
	curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(h, CURLOPT_WRITEDATA, t);
	curl_easy_setopt(h, CURLOPT_PRIVATE, t);
}

/* Text that can be stored and shown: without control characters, well-formed. */
static struct str readable(struct arena *a, struct str s)
{
	struct str cut = arena_str(a, str_slice(s, 0, DELIVERY_ANSWER_MAX));
	char *p = (char *)(uintptr_t)cut.p;

	for (int back = 0; back < 3 && cut.n > 0 && !str_is_text(cut) && cut.n < s.n; back++)
		cut.n--;
	for (size_t i = 0; i < cut.n; i++)
		if ((unsigned char)p[i] < ' ' || p[i] == 127)
			p[i] = ' ';
	if (str_is_text(cut))
		return cut;
	for (size_t i = 0; i < cut.n; i++)
		if ((unsigned char)p[i] > 126)
			p[i] = '?';
	return cut;
}

static struct str why(const struct trip *t, CURLcode code)
{
	if (t->refused)
		return STR("its address is not public");
	if (code == CURLE_OPERATION_TIMEDOUT)
		return STR("no answer within 15 seconds");
	return arena_printf((struct arena *)(uintptr_t)&t->arena, "%s", curl_easy_strerror(code));
}

void trip_end(struct trip *t, CURLcode code)
{
	struct receipt *r = &t->receipt;
	curl_off_t retry = 0;
	long status = 0;

	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(t->easy, CURLINFO_RETRY_AFTER, &retry);
	*r = (struct receipt){
		.endpoint_id = t->parcel.endpoint_id,
		.delivery_id = t->parcel.delivery_id,
		.retry_after_s = retry > 0 ? retry : -1,
		.duration_ms = (clock_mono_ns() - t->began_ns) / 1000000,
		.answer = t->answer.n > 0 ? readable(&t->arena, buf_text(&t->answer)) : STR(""),
	};
	if (code == CURLE_OK || t->cut)
		r->status = status;
	else
		r->error = why(t, code);
	if (r->status >= 300 && r->status < 400)
		r->error = STR("redirections are not followed");
	let_go(t);
}
