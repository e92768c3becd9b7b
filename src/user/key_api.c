/* SPDX-License-Identifier: Apache-2.0 */
#include "user/key_api.h"
#include "api/rows.h"
#include "base/network.h"
#include "data/json.h"
#include "data/json_out.h"
#include "user/key.h"

static void put_words(struct buf *b, const char *key, struct str rest)
{
	jw_key(b, key);
	jw_array(b);
	while (rest.p && rest.n > 0)
		jw_str(b, str_cut(&rest, ','));
	jw_array_end(b);
}

static bool put_lists(struct ctx *c, const void *row, struct buf *b)
{
	const struct key *k = row;

	(void)c;
	put_words(b, "scopes", k->scopes);
	put_words(b, "allowed_ips", k->allowed_ips);
	return true;
}

bool key_api_list(struct ctx *c, const struct req *q, struct res *r)
{
	struct list rows;

	return key_list(c, &rows)
	    && api_reply_cut(c, q, r,
	                     &(struct api_rows){ &key_model, &rows, sizeof(struct key), put_lists,
	                                         false }, "id");
}

/* A list of texts without commas in them, as one text with commas between. */
static bool join(struct ctx *c, const json_t *list, const char *key, const char *wrong,
                 struct str *out)
{
	struct buf b;

	buf_init(&b, c->arena);
	for (size_t i = 0; i < json_array_size(list); i++) {
		struct str word = json_text(json_array_get(list, i));

		if (word.n == 0 || str_find(word, ',', 0) != SIZE_MAX)
			return fail(c, ERR_INVALID, key, "%s", wrong);
		buf_printf(&b, "%s%.*s", i ? "," : "", STR_ARG(word));
	}
	*out = buf_text(&b);
	return true;
}

/* ["partners:write", "links:read"], or left out for all. */
static bool read_scopes(struct ctx *c, const json_t *body, struct str *out)
{
	json_t *list = NULL;

	*out = STR("all");
	if (!json_get_array(c, body, "scopes", MAY(1, 50), &list))
		return false;
	return !list || join(c, list, "scopes", "A scope is a word", out);
}

/* ["203.0.113.0/24", "2001:db8::7"]; left out, null or empty is from anywhere. */
static bool read_ips(struct ctx *c, const json_t *body, struct str *out)
{
	json_t *list = NULL;

	*out = STR("");
	if (!json_get_array(c, body, "allowed_ips", MAY(0, NETWORK_LIST_MAX), &list))
		return false;
	return !list || join(c, list, "allowed_ips",
	                     "Each is a text, an address or a network, like 203.0.113.0/24", out);
}

static bool reply_created(struct ctx *c, struct res *r, const struct key *k, struct str secret)
{
	struct list one = { (void *)(uintptr_t)k, 1 };
	struct api_rows l = { &key_model, &one, sizeof(*k), put_lists, false };

	if (!api_reply_row(c, r, 201, &l))
		return false;
	r->body.n--; /* the brace at the end, for one more member */
	/* The key itself is stored nowhere: who did not get this answer makes another one. */
	r->again = arena_printf(c->arena, "%.*s,\"key\":null}", STR_ARG(buf_text(&r->body)));
	jw_key_str(&r->body, "key", secret);
	jw_object_end(&r->body);
	return true;
}

bool key_api_create(struct ctx *c, const struct req *q, struct res *r)
{
	static const char *const keys[] = { "name", "scopes", "allowed_ips", NULL };
	struct key k = { 0 };
	struct str secret;
	json_t *body;

	return api_body(c, q, &body)
	    && json_only(c, body, keys)
	    && json_get_str(c, body, "name", MUST(1, 80), &k.name)
	    && read_scopes(c, body, &k.scopes)
	    && read_ips(c, body, &k.allowed_ips)
	    && key_create(c, &k, &secret)
	    && reply_created(c, r, &k, secret);
}

bool key_api_revoke(struct ctx *c, const struct req *q, struct res *r)
{
	int64_t id;

	return api_arg_id(c, q, 0, ID_KEY, &id)
	    && key_revoke(c, id)
	    && api_reply_nothing(r);
}
