/* SPDX-License-Identifier: Apache-2.0 */
#include "base/check.h"
#include "net/strict.h"

/* A head that is accepted can be written anew from its parts, to the same bytes. */

#define HEADERS_MAX 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_clean(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if ((c < ' ' && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
}

static void put(struct buf *b, struct str s)
{
	CHECK(is_clean(s));
	buf_str(b, s);
}

/* As sent, but for the blanks before values, which are not kept: one is written. */
static struct str rebuilt(struct arena *a, const struct head *h)
{
	struct buf b;

	buf_init(&b, a);
	put(&b, h->method);
	buf_char(&b, ' ');
	put(&b, h->target_text);
	buf_char(&b, ' ');
	put(&b, h->version);
	buf_puts(&b, "\r\n");
	for (size_t i = 0; i < h->header_count; i++) {
		put(&b, h->headers[i].name);
		buf_puts(&b, ": ");
		put(&b, h->headers[i].value);
		buf_puts(&b, "\r\n");
	}
	buf_puts(&b, "\r\n");
	return buf_text(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct req_header headers[HEADERS_MAX], again[HEADERS_MAX];
	struct head h, second;
	struct framing f, g;

	arena_init(&a);
	struct str text = arena_str(&a, (struct str){ (const char *)data, size });

	if (strict_cut(text, headers, HEADERS_MAX, &h) && strict_check(&h, &f) == 0) {
		struct str copy = rebuilt(&a, &h);

		CHECK(h.size <= size && f.body_bytes == 0 && !f.chunked && f.host.n > 0);
		CHECK(f.path.n > 0 && (f.path.p[0] == '/' || str_is(f.path, "*")));
		CHECK(strict_cut(copy, again, HEADERS_MAX, &second));
		CHECK(second.size == copy.n && second.header_count == h.header_count);
		if (copy.n <= 16 * 1024) {
			CHECK(strict_check(&second, &g) == 0);
			CHECK(str_eq(f.host, g.host) && str_eq(f.path, g.path)
			      && str_eq(f.query, g.query));
		}
	}
	arena_release(&a);
	return 0;
}
