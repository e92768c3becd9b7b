/* SPDX-License-Identifier: Apache-2.0 */
#include "user/key_api.h"
#include "api/rows.h"
#include "data/json.h"
#include "data/json_out.h"
#include "user/key.h"

static bool put_scopes(struct ctx *c, const void *row, struct buf *b)
{
	struct str rest = ((const struct key *)row)->scopes;

	(void)c;
	jw_key(b, "scopes");
	jw_array(b);
	while (rest.p && rest.n > 0)
		jw_str(b, str_cut(&rest, ','));
	jw_array_end(b);
	return true;
}

bool key_api_list(struct ctx *c, const struct req *q, struct res *r)
{
	struct list rows;

	return api_no_query(c, q)
	    && key_list(c, &rows)
	    && api_reply_rows(c, q, r,
	                      &(struct api_rows){ &key_model, &rows, sizeof(struct key), put_scopes,
	                                          false });
}

/* ["partners:write", "links:read"], or left out for all. */
static bool read_scopes(struct ctx *c, const json_t *body, struct str *out)
{
	json_t *list = NULL;
	struct buf b;

	*out = STR("all");
	if (!json_get_array(c, body, "scopes", MAY(1, 50), &list) || !list)
		return c->err.code == ERR_NONE;
	buf_init(&b, c->arena);
	for (size_t i = 0; i < json_array_size(list); i++) {
		struct str word = json_text(json_array_get(list, i));

		if (word.n == 0 || str_find(word, ',', 0) != SIZE_MAX)
			return fail(c, ERR_INVALID, "scopes", "A scope is a word");
		buf_printf(&b, "%s%.*s", i ? "," : "", STR_ARG(word));
	}
	*out = buf_text(&b);
	return true;
}

static bool reply_created(struct ctx *c, struct res *r, const struct key *k, struct str secret)
{
	struct list one = { (void *)(uintptr_t)k, 1 };
	struct api_rows l = { &key_model, &one, sizeof(*k), put_scopes, false };

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
	static const char *const keys[] = { "name", "scopes", NULL };
	struct key k = { 0 };
	struct str secret;
	json_t *body;

	return api_body(c, q, &body)
	    && json_only(c, body, keys)
	    && json_get_str(c, body, "name", MUST(1, 80), &k.name)
	    && read_scopes(c, body, &k.scopes)
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
