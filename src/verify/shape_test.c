/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/shape.h"

#include "base/arena.h"
#include "base/buf.h"
#include "unit.h"

/* What was handed over, as text, so that two ways to read can be compared. */
static void write_step(const struct step *s, void *arg)
{
	struct buf *b = arg;

	for (size_t i = 0; i < s->count; i++)
		buf_printf(b, "%.*s=%.*s/%lld ", STR_ARG(s->members[i].key),
		           STR_ARG(s->members[i].text), (long long)s->members[i].number);
	for (enum member_key key = MEMBER_OTHER; key < MEMBER_KEYS; key++)
		buf_printf(b, "%d", s->places[key]);
	for (size_t i = 0; i < s->share_count; i++)
		buf_printf(b, "share %lld ", (long long)s->shares[i]);
	buf_puts(b, s->odd ? "odd\n" : "\n");
}

/* Both ways must agree, also on what cannot be read. */
static void same_as_scan(struct ctx *c, struct shapes *all, struct str text)
{
	struct buf plain, shaped;
	bool ok;

	buf_init(&plain, c->arena);
	buf_init(&shaped, c->arena);
	ok = step_scan(text, write_step, &plain);
	EQ(shapes_scan(all, text, write_step, &shaped), ok);
	if (ok && !str_eq(buf_text(&shaped), buf_text(&plain)))
		FAIL("\"%.*s\" is read as\n%.*s, not\n%.*s", STR_ARG(text),
		     STR_ARG(buf_text(&shaped)), STR_ARG(buf_text(&plain)));
}

#define HEAD "{\"sentence\":\"%d of it\",\"terms\":\"trm_0cmze6emp%04d\",\"steps\":["

static const char *const forms[] = {
	HEAD "{\"step\":\"base\",\"amount\":%d,\"tax\":%d,\"base\":\"net\",\"currency\":\"\"}]}",
	HEAD "{\"step\":\"base\",\"amount\":%d},{\"step\":\"percent\",\"rate\":\"%d\",\"of\":-5}]}",
	HEAD "{\"step\":\"matures\",\"from_at\":\"2026-05-03T22:43:06.%dZ\",\"days\":%d}]}",
	HEAD "{\"step\":\"share\",\"shares\":[%d,%d,7],\"part\":1}]}",
	HEAD "{\"step\":\"skip\",\"why\":\"not_reached\",\"is\":%d,\"from\":%d}]}",
	HEAD "{\"step\":\"skip\",\"why\":\"a much longer reason, number %d\",\"from\":%d}]}",
	HEAD "{\"step\":\"skip\",\"is\":%d,\"days\":%d00000000000}]}",
	HEAD "{\"step\":\"skip\",\"is\":%d00000000000000000,\"days\":%d}]}",
	HEAD "{\"step\":\"a name that is long, and another one: %d\",\"days\":%d}]}",
	HEAD "{\"step\":\"%dth\",\"days\":%d}]}",
	/* and what the scan refuses */
	HEAD "{\"step\":\"base\",\"amount\":0%d,\"tax\":%d,\"base\":\"net\",\"currency\":\"\"}]}",
	HEAD "{\"step\":\"base\",\"amount\":%d.5,\"tax\":%d,\"base\":\"net\",\"currency\":\"\"}]}",
	HEAD "{\"step\":\"base\",\"amount\":%d,\"amount\":%d,\"base\":\"net\",\"currency\":\"\"}]}",
	HEAD "{\"step\":\"base\",\"amount\":%d,\"tax\":%d,\"base\":\"net\",\"currency\":\"\"}]} ",
	HEAD "{\"step\":\"base\",\"amount\":%d,\"tax\":%d,\"base\":\"net\",\"currency\":\"\"}]",
	HEAD "{\"step\":\"base\",\"amount\":\"%d\",\"tax\":%d,\"base\":\"n\\u0065t\"}]}",
	HEAD "{\"step\":\"base\",\"amount\":99999999999999999999%d,\"tax\":%d}]}",
};

TEST(by_shapes_the_same_is_read_as_by_a_scan)
{
	struct shapes *all = shapes_new();

	for (int i = 0; i < 2000; i++) {
		const char *form = forms[(size_t)(i / 20 + i) % LEN(forms)];

		same_as_scan(c, all, arena_printf(c->arena, form, i % 7, i % 13, i % 37 * 11, i % 101));
	}
	shapes_free(all);
}

TEST(a_change_of_any_one_byte_is_seen_as_by_a_scan)
{
	struct shapes *all = shapes_new();

	for (size_t k = 0; k < LEN(forms); k++) {
		struct str text = arena_printf(c->arena, forms[k], 1, 2, 30, 40);

		for (size_t i = 0; i < 10; i++)
			same_as_scan(c, all, text);
		for (size_t i = 0; i < text.n; i++) {
			char *other = arena_cstr(c->arena, text);

			other[i] = (char)(other[i] == '1' ? 'x' : '1');
			same_as_scan(c, all, (struct str){ other, text.n });
			same_as_scan(c, all, (struct str){ text.p, i });
		}
		arena_reset(c->arena);
	}
	shapes_free(all);
}

TEST(what_is_too_long_for_a_shape_is_scanned)
{
	struct shapes *all = shapes_new();
	struct buf b;

	buf_init(&b, c->arena);
	buf_puts(&b, "{\"sentence\":\"\",\"terms\":\"\",\"steps\":[{\"step\":\"a\"}");
	for (int i = 0; i < 400; i++) {
		struct buf whole;

		buf_init(&whole, c->arena);
		buf_printf(&b, ",{\"step\":\"a\",\"n\":%d}", i);
		buf_str(&whole, buf_text(&b));
		buf_puts(&whole, "]}");
		same_as_scan(c, all, buf_text(&whole));
	}
	shapes_free(all);
}
