/* SPDX-License-Identifier: Apache-2.0 */
#include "base/check.h"
#include "data/form.h"
#include "data/json.h"
#include "org/settings_web.h"
#include "user/access_web.h"
#include "user/key.h"
#include "web/inputs.h"

#define NETWORKS_CHARS 2000

static const char *const scopes[] = { "write", "read", "track:write", "all", NULL };

static const struct input inputs[] = {
	{ "name", "Name", .required = true, .hint = "Where it is used: \"shop backend\"." },
	{ "scope", "What it may do", .kind = INPUT_SELECT, .names = scopes, .required = true,
	  .hint = "Write changes everything but access; read only looks; track:write only sends "
	          "clicks, leads, sales and refunds; all is everything." },
	{ "allowed_ips", "From where it may be used", .kind = INPUT_AREA,
	  .hint = "Addresses and networks, such as 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32, with "
	          "commas or lines between; at most 20. Empty: from anywhere." },
	{ "without_money", "Does not see money", .kind = INPUT_CHECK },
	{ "without_personal_data", "Does not see personal data", .kind = INPUT_CHECK },
};

/* "203.0.113.0/24, 2001:db8::/32": with blanks, so that it can be broken. */
static struct str from_of(struct page *p, const struct key *k)
{
	struct str rest = k->allowed_ips;
	struct buf b;

	buf_init(&b, p->c->arena);
	while (rest.n > 0) {
		buf_str(&b, str_cut(&rest, ','));
		if (rest.n > 0)
			buf_puts(&b, ", ");
	}
	return buf_text(&b);
}

static bool put_keys(struct page *p)
{
	json_t *list = json_array();
	struct list rows;

	json_object_set_new(p->view, "keys", list);
	if (!key_list(p->c, &rows))
		return false;
	for (size_t i = 0; i < rows.count; i++) {
		const struct key *k = (const struct key *)rows.items + i;
		json_t *o = page_row(p, &key_model, k);

		json_set_str(o, "scopes", k->scopes);
		json_set_str(o, "from", from_of(p, k));
		json_set_bool(o, "revoked", k->revoked_at != 0);
		json_array_append_new(list, o);
	}
	return true;
}

static bool show(struct page *p)
{
	if (!put_keys(p))
		return false;
	settings_web_tabs(p, "keys");
	inputs_put(p, "form", &(struct inputs){ inputs, LEN(inputs), NULL, STR("/settings/keys") });
	return page_show(p, "app/keys.html", STR("API keys"));
}

bool key_web_list(struct ctx *c, const struct req *q, struct res *r)
{
	struct page p;

	return page_open(&p, c, q, r)
	    && show(&p);
}

static bool read_scopes(struct ctx *c, const struct req *q, struct str *out)
{
	bool money = false, personal = false;
	int64_t scope;

	if (!form_get_name(c, &q->form, "scope", MUST_NAME(scopes), &scope)
	    || !form_get_bool(c, &q->form, "without_money", MAY(0, 0), &money)
	    || !form_get_bool(c, &q->form, "without_personal_data", MAY(0, 0), &personal))
		return false;
	*out = arena_printf(c->arena, "%s%s%s", scopes[scope], money ? ",-money" : "",
	                    personal ? ",-personal_data" : "");
	return true;
}

/* No redirect: the key is in this answer and nowhere else. */
bool key_web_create(struct ctx *c, const struct req *q, struct res *r)
{
	struct key k = { 0 };
	struct str secret;
	struct page p;

	if (!form_get_str(c, &q->form, "name", MUST(1, 80), &k.name)
	    || !read_scopes(c, q, &k.scopes)
	    || !form_get_str(c, &q->form, "allowed_ips", MAY_LINES(NETWORKS_CHARS), &k.allowed_ips)
	    || !key_create(c, &k, &secret) || !page_open(&p, c, q, r))
		return false;
	json_set_str(p.view, "secret", secret);
	return show(&p);
}

bool key_web_revoke(struct ctx *c, const struct req *q, struct res *r)
{
	int64_t id;

	return page_arg_id(c, q, ID_KEY, &id)
	    && key_revoke(c, id)
	    && page_done(c, q, r, STR("/settings/keys"), "key.revoked");
}
