/* SPDX-License-Identifier: Apache-2.0 */
#include "base/check.h"
#include "data/json.h"
#include "data/model_json.h"
#include "deal/deal_api.h"
#include "deal/deal_web.h"
#include "deal/protected_account.h"
#include "org/settings_web.h"
#include "web/inputs.h"
#include "web/listing.h"

static const struct input inputs[] = {
	{ "account", "Domain or e-mail address", .required = true, .autocomplete = "off",
	  .hint = "Like acme.com: every address there, and deals on that domain." },
	{ "note", "Note", .hint = "For your team: whose account it is." },
};

bool protected_account_web_list(struct ctx *c, const struct req *q, struct res *r)
{
	const struct listing l = { .spec = &protected_account_list_spec };
	struct page p;

	if (!page_open(&p, c, q, r) || !listing_put(&p, "list", &l))
		return false;
	settings_web_tabs(&p, "protected-accounts");
	inputs_put(&p, "form", &(struct inputs){ inputs, LEN(inputs), NULL });
	return page_show(&p, "app/protected_accounts.html", STR("Protected accounts"));
}

bool protected_account_web_create(struct ctx *c, const struct req *q, struct res *r)
{
	struct protected_account a = { 0 };
	json_t *body;

	return page_new(c, q, &protected_account_model, &body)
	    && model_read(c, &protected_account_model, body, &a, true)
	    && protected_account_create(c, &a)
	    && page_done(c, q, r, STR("/settings/protected-accounts"),
	                 "protected_account.created");
}

bool protected_account_web_remove(struct ctx *c, const struct req *q, struct res *r)
{
	int64_t id;

	return page_arg_id(c, q, ID_ACCOUNT, &id)
	    && protected_account_remove(c, id)
	    && page_done(c, q, r, STR("/settings/protected-accounts"),
	                 "protected_account.removed");
}
