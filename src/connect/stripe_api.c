/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/stripe_api.h"

#include "base/check.h"
#include "base/digest.h"
#include "base/id.h"
#include "change/change.h"
#include "connect/provider.h"
#include "connect/stripe.h"
#include "connect/stripe_signature.h"
#include "data/json.h"
#include "data/json_out.h"

#define RETRY_MAX 50

static bool check_signature(struct ctx *c, const struct req *q)
{
	struct str header = req_header(q, "Stripe-Signature");
	enum stripe_verdict verdict = STRIPE_MISMATCH;
	struct provider p;
	bool found;

	if (!provider_find(c, STR("stripe"), &p, &found))
		return false;
	for (size_t i = 0; found && i < LEN(p.secrets) && verdict != STRIPE_GOOD; i++)
		if (p.secrets[i].n > 0)
			verdict = stripe_verify(header, q->body, p.secrets[i], c->now_ms);
	if (verdict == STRIPE_GOOD)
		return true;
	if (verdict == STRIPE_TOO_OLD)
		return fail(c, ERR_UNSIGNED, "Stripe-Signature",
		            "was made more than %d seconds ago",
		            STRIPE_TOLERANCE_SECONDS);
	return fail(c, ERR_UNSIGNED, "Stripe-Signature", "does not match the body");
}

static bool read_hook(struct ctx *c, const struct req *q, struct hook *h)
{
	json_t *doc;

	*h = (struct hook){ .provider = STR("stripe"), .body = q->body };
	return json_read_object(c, q->body, &doc)
	       && json_get_str(c, doc, "id", MUST(1, 255), &h->external_id)
	       && json_get_str(c, doc, "type", MUST(1, 100), &h->type);
}

static bool fail_again(struct ctx *c, struct hook *h)
{
	(void)c;
	h->status = HOOK_FAILED;
	return true;
}

/* Signed, so it is Stripe's, and not to be read: kept for people, under a name made from it. */
static bool keep_unreadable(struct ctx *c, const struct req *q, struct res *r)
{
	struct hook h = { .provider = STR("stripe"), .type = STR("unreadable"), .body = q->body };
	bool fresh;

	if (err_info(c->err.code)->status >= 500)
		return false;
	h.external_id = arena_printf(c->arena, "body:%.*s", STR_ARG(digest_hex(c->arena, q->body, 16)));
	h.note = str_is_text(q->body) ? hook_reason(c) : STR("the body is not UTF-8 text");
	res_problem(r, &c->err, q->request_id, q->path);
	fail_clear(c);
	return hook_keep(c, &h, &fresh)
	    && (!fresh || hook_handle(c, &h, fail_again));
}

bool stripe_api_hook(struct ctx *c, const struct req *q, struct res *r)
{
	struct hook h;
	bool fresh;

	if (!check_signature(c, q))
		return false;
	if (!read_hook(c, q, &h))
		return keep_unreadable(c, q, r);
	if (!hook_keep(c, &h, &fresh))
		return false;
	if (fresh && !hook_handle(c, &h, stripe_take))
		return false;
	if (fresh && h.status == HOOK_DONE && !hook_retry(c, STR("stripe"), RETRY_MAX, stripe_take))
		return false;
	res_json(r, 200, STR("{\"received\":true}"));
	return true;
}

bool stripe_job(struct ctx *c, bool *out_more)
{
	*out_more = false;
	return hook_retry(c, STR("stripe"), 1000, stripe_take);
}

static bool reply(struct ctx *c, struct res *r)
{
	struct provider p = { 0 };
	struct buf b;
	bool found;

	if (!provider_find(c, STR("stripe"), &p, &found))
		return false;
	buf_init(&b, c->arena);
	jw_object(&b);
	jw_key_str(&b, "object", STR("provider"));
	jw_key_str(&b, "name", STR("stripe"));
	jw_key_bool(&b, "connected", found);
	jw_key_str(&b, "webhook_secret_hint", found ? p.hint : STR(""));
	jw_key_time(&b, "created_at", p.created_at);
	jw_object_end(&b);
	return api_reply_buf(r, 200, &b);
}

bool stripe_api_get(struct ctx *c, const struct req *q, struct res *r)
{
	return api_no_query(c, q) && reply(c, r);
}

static const char *const keys[] = { "webhook_secret", NULL };

bool stripe_api_put(struct ctx *c, const struct req *q, struct res *r)
{
	struct str secret;
	json_t *body;

	return api_no_query(c, q) && api_body(c, q, &body) && json_only(c, body, keys)
	       && json_get_str(c, body, "webhook_secret", MUST(8, 200), &secret)
	       && provider_put(c, STR("stripe"), secret)
	       && change_post(c, "provider.connect", STR("stripe"), STR("")) && reply(c, r);
}

bool stripe_api_remove(struct ctx *c, const struct req *q, struct res *r)
{
	return api_no_query(c, q) && provider_remove(c, STR("stripe"))
	       && change_post(c, "provider.disconnect", STR("stripe"), STR(""))
	       && api_reply_nothing(r);
}

static const struct list_filter filters[] = {
	{ .column = "status" },
	{ .column = "type" },
	{ .column = "received_at" },
};

const struct list_spec hook_list = {
	.model = &hook_model,
	.row_size = sizeof(struct hook),
	.filters = filters,
	.filter_count = LEN(filters),
};

static bool put_body(struct ctx *c, const void *row, struct buf *b)
{
	(void)c;
	jw_key_str(b, "body", ((const struct hook *)row)->body);
	return true;
}

bool hook_api_get(struct ctx *c, const struct req *q, struct res *r)
{
	struct list_spec one = hook_list;
	struct hook h;
	int64_t id;

	one.more = put_body;
	return api_no_query(c, q) && api_arg_id(c, q, 0, ID_WEBHOOK, &id) && hook_get(c, id, &h)
	       && list_reply_row(c, r, 200, &one, &h);
}

bool hook_api_list(struct ctx *c, const struct req *q, struct res *r)
{
	return list_reply(c, q, r, &hook_list);
}
