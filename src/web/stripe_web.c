/* SPDX-License-Identifier: Apache-2.0 */
#include "web/stripe_web.h"
#include "app.h"
#include "base/check.h"
#include "change/change.h"
#include "connect/hook.h"
#include "connect/provider.h"
#include "connect/stripe_api.h"
#include "data/form.h"
#include "data/json.h"
#include "org/settings_web.h"
#include "web/inputs.h"
#include "web/listing.h"

static const struct input inputs[] = {
	{ "webhook_secret", "Signing secret", .required = true, .autocomplete = "off",
	  .hint = "Stripe shows it beside the endpoint: whsec_…" },
};

static const struct listing_choice choices[] = {
	{ "status", "Status", hook_status_names, "hook" },
};

static bool put_provider(struct page *p)
{
	json_t *view = json_object();
	struct provider stripe;
	bool found;

	json_object_set_new(p->view, "stripe", view);
	if (!provider_find(p->c, STR("stripe"), &stripe, &found))
		return false;
	json_set_bool(view, "connected", found);
	json_set_str(view, "hint", found ? stripe.hint : STR(""));
	json_set_time(view, "since", found ? stripe.created_at : 0);
	json_set_str(view, "url", arena_printf(p->c->arena, "%.*s/api/v1/hooks/stripe/%.*s",
	                                       STR_ARG(app_of(p->c)->base_url),
	                                       STR_ARG(p->org.slug)));
	return true;
}

bool stripe_web_show(struct ctx *c, const struct req *q, struct res *r)
{
	const struct listing l = { .spec = &hook_list, .choices = choices,
	                           .choice_count = LEN(choices) };
	struct page p;

	if (!page_open(&p, c, q, r) || !put_provider(&p) || !listing_put(&p, "list", &l))
		return false;
	settings_web_tabs(&p, "stripe");
	inputs_put(&p, "form", &(struct inputs){ inputs, LEN(inputs), NULL, STR("/settings/stripe") });
	return page_show(&p, "app/stripe.html", STR("Stripe"));
}

bool stripe_web_put(struct ctx *c, const struct req *q, struct res *r)
{
	struct str secret;

	return form_get_str(c, &q->form, "webhook_secret", MUST(8, 200), &secret)
	    && provider_put(c, STR("stripe"), secret)
	    && change_post(c, "provider.connect", STR("stripe"), STR(""))
	    && page_done(c, q, r, STR("/settings/stripe"), "stripe.connected");
}

bool stripe_web_remove(struct ctx *c, const struct req *q, struct res *r)
{
	return provider_remove(c, STR("stripe"))
	    && change_post(c, "provider.disconnect", STR("stripe"), STR(""))
	    && page_done(c, q, r, STR("/settings/stripe"), "stripe.removed");
}
