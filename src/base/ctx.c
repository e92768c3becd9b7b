/* SPDX-License-Identifier: Apache-2.0 */
#include "base/ctx.h"
#include "base/check.h"

#include <stdarg.h>
#include <stdio.h>

static const struct err_info infos[ERR_COUNT] = {
	[ERR_NONE] = { 200, "none", false, "", "" },
#define ERR(name, status, wire, retryable, title, advice) \
	[ERR_##name] = { status, wire, retryable, title, advice },
#include "base/err.def"
#undef ERR
};

const struct err_info *err_info(enum err_code code)
{
	CHECK(code >= 0 && code < ERR_COUNT);
	return &infos[code];
}

/* A text that fills all there is has been cut, perhaps inside a letter. */
static void end_at_letter(char *text, size_t size)
{
	size_t n = strlen(text);

	if (n + 1 < size)
		return;
	while (n > 0 && ((unsigned char)text[n - 1] & 0xC0) == 0x80)
		n--;
	if (n > 0 && (unsigned char)text[n - 1] >= 0xC0)
		n--;
	text[n] = '\0';
}

bool fail(struct ctx *c, enum err_code code, const char *field, const char *fmt, ...)
{
	va_list args;

	CHECK(code > ERR_NONE && code < ERR_COUNT);
	c->err.code = code;
	snprintf(c->err.field, sizeof(c->err.field), "%s", field ? field : "");
	va_start(args, fmt);
	vsnprintf(c->err.msg, sizeof(c->err.msg), fmt, args);
	va_end(args);
	end_at_letter(c->err.field, sizeof(c->err.field));
	end_at_letter(c->err.msg, sizeof(c->err.msg));
	c->err.wait_s = 0;
	return false;
}

bool fail_for(struct ctx *c, int64_t wait_s)
{
	CHECK(c->err.code != ERR_NONE && wait_s > 0);
	c->err.wait_s = wait_s;
	return false;
}

bool fail_under(struct ctx *c, const char *prefix)
{
	char field[sizeof(c->err.field)];

	CHECK(c->err.code != ERR_NONE);
	snprintf(field, sizeof(field), "%s%s%s", prefix, c->err.field[0] ? "/" : "", c->err.field);
	end_at_letter(field, sizeof(field));
	memcpy(c->err.field, field, sizeof(field));
	return false;
}

void fail_clear(struct ctx *c)
{
	c->err = (struct err){ 0 };
}

struct ctx_hook {
	struct ctx_hook *next;
	void (*fn)(struct ctx *c, void *arg);
	void *arg;
};

void ctx_after_commit(struct ctx *c, void (*fn)(struct ctx *c, void *arg), void *arg)
{
	struct ctx_hook *h = ARENA_NEW(c->arena, struct ctx_hook);

	*h = (struct ctx_hook){ .next = c->hooks, .fn = fn, .arg = arg };
	c->hooks = h;
}

void ctx_committed(struct ctx *c)
{
	struct ctx_hook *oldest = NULL;

	while (c->hooks) {
		struct ctx_hook *h = c->hooks;

		c->hooks = h->next;
		h->next = oldest;
		oldest = h;
	}
	for (; oldest; oldest = oldest->next)
		oldest->fn(c, oldest->arg);
}
