/* SPDX-License-Identifier: Apache-2.0 */
#include "base/check.h"
#include "data/json.h"
#include "org/settings_web.h"
#include "web/page.h"
#include "web/say.h"
#include "webhook/delivery.h"
#include "webhook/webhook_web.h"

static bool named(struct ctx *c, const struct req *q, struct delivery *out)
{
	int64_t id;

	return page_arg_id(c, q, ID_DELIVERY, &id)
	    && delivery_get(c, id, out);
}

bool delivery_web_show(struct ctx *c, const struct req *q, struct res *r)
{
	struct delivery d;
	struct endpoint e;
	struct message m;
	struct page p;
	json_t *view;

	if (!named(c, q, &d) || !endpoint_get(c, d.endpoint_id, &e)
	    || !message_get(c, d.message_id, &m) || !page_open(&p, c, q, r)
	    || !page_put(&p, "delivery", &delivery_model, &d))
		return false;
	view = json_object_get(p.view, "delivery");
	json_set_bool(view, "waiting", d.status == DELIVERY_WAITING);
	json_set_bool(view, "tried", d.attempts > 0 || d.attempted_at > 0);
	json_set_str(view, "url", e.url);
	json_set_bool(view, "off", e.status == ENDPOINT_DISABLED);
	json_set_str(view, "body", say_json(c->arena, m.body));
	settings_web_tabs(&p, "webhooks");
	return page_show(&p, "app/webhook_delivery.html", STR("Delivery"));
}

bool delivery_web_replay(struct ctx *c, const struct req *q, struct res *r)
{
	struct delivery d;

	return named(c, q, &d)
	    && delivery_replay(c, &d)
	    && page_done(c, q, r,
	                 arena_printf(c->arena, "/settings/deliveries/%.*s",
	                              STR_ARG(id_str(c->arena, ID_DELIVERY, d.id))),
	                 "webhook.again");
}
