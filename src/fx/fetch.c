/* SPDX-License-Identifier: Apache-2.0 */
#include "fx/fetch.h"

#include "base/buf.h"
#include "base/check.h"

#include <curl/curl.h>
#include <pthread.h>
#include <string.h>

#define CONNECT_SECONDS 5L
#define TOTAL_SECONDS 30L
#define REDIRECTS 3L

struct body {
	struct buf text;
	size_t max;
	bool too_large;
};

static size_t take(char *p, size_t size, size_t n, void *arg)
{
	struct body *b = arg;

	n *= size;
	b->too_large = b->text.n + n > b->max;
	if (b->too_large)
		return 0;
	buf_str(&b->text, (struct str){ p, n });
	return n;
}

static void start_once(void)
{
	CHECK(curl_global_init(CURL_GLOBAL_DEFAULT) == 0);
}

static void set_up(CURL *h, const char *url, struct body *b)
{
	bool safe = strncmp(url, "https:", 6) == 0;

	curl_easy_setopt(h, CURLOPT_URL, url);
	curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(h, CURLOPT_REDIR_PROTOCOLS_STR, safe ? "https" : "http,https");
	curl_easy_setopt(h, CURLOPT_FOLLOWLOCATION, 1L);
	curl_easy_setopt(h, CURLOPT_MAXREDIRS, REDIRECTS);
	curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
	curl_easy_setopt(h, CURLOPT_TIMEOUT, TOTAL_SECONDS);
	curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(h, CURLOPT_FAILONERROR, 1L);
	curl_easy_setopt(h, CURLOPT_ACCEPT_ENCODING, "");
	curl_easy_setopt(h, CURLOPT_USERAGENT, "partnerd/" PARTNERD_VERSION);
	curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(h, CURLOPT_WRITEDATA, b);
}

bool fetch(struct ctx *c, struct str url, size_t bytes_max, struct str *out)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct body b = { .max = bytes_max };
	char *text = arena_cstr(c->arena, url);
	CURL *h;
	CURLcode code;

	pthread_once(&once, start_once);
	h = curl_easy_init();
	CHECK(h != NULL);
	buf_init(&b.text, c->arena);
	set_up(h, text, &b);
	code = curl_easy_perform(h);
	long status = 0;

	curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_cleanup(h);
	if (b.too_large)
		return fail(c, ERR_TOO_LARGE, NULL, "%s is larger than %zu MiB", text,
		            bytes_max >> 20);
	if (code == CURLE_HTTP_RETURNED_ERROR)
		return fail(c, ERR_STORAGE, NULL, "%s cannot be fetched: status %ld", text, status);
	if (code != CURLE_OK)
		return fail(c, ERR_STORAGE, NULL, "%s cannot be fetched: %s", text,
		            curl_easy_strerror(code));
	*out = b.text.n > 0 ? buf_text(&b.text) : STR("");
	return true;
}
