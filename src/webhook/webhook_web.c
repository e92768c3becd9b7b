/* SPDX-License-Identifier: Apache-2.0 */
#include "webhook/webhook_web.h"

#include "base/check.h"
#include "base/clock.h"
#include "data/form.h"
#include "data/json.h"
#include "org/settings_web.h"
#include "org/zone.h"
#include "web/inputs.h"
#include "web/listing.h"
#include "web/say.h"
#include "webhook/delivery.h"
#include "webhook/webhook_api.h"

static const struct input inputs[] = {
	{ "url", "Address", .type = "url", .required = true, .look = "wide",
	  .hint = "Where messages are sent by POST, like https://example.com/webhooks." },
	{ "description", "Description", .look = "wide", .hint = "For you: what it is for." },
};

static const struct input replay_inputs[] = {
	{ "since", "Since", .type = "date", .required = true, .look = "short" },
};

static const struct listing_choice choices[] = {
	{ "status", "Status", delivery_status_names, "webhook_delivery" },
};

static struct str path_of(struct ctx *c, const struct endpoint *e)
{
	return arena_printf(c->arena, "/settings/webhooks/%.*s",
	                    STR_ARG(id_str(c->arena, ID_WEBHOOK, e->id)));
}

static struct str noun_of(int64_t type)
{
	struct str name = str_from(outbox_type_names[type]);

	return str_ends(name, ".recorded") ? STR("event") : str_cut(&name, '.');
}

/* The checkboxes of one group of types, from the first one on; returns where the next begins. */
static int64_t put_group(struct page *p, json_t *groups, const struct inputs *form, int64_t first)
{
	struct str noun = noun_of(first), name = say_words(p->c->arena, noun);
	struct input *rows = ARENA_ARRAY(p->c->arena, struct input, OUTBOX_TYPE_COUNT);
	struct inputs in = { rows, 0, form->values, form->action };
	int64_t type = first;
	json_t *view;

	for (; type < OUTBOX_TYPE_COUNT && str_eq(noun_of(type), noun); type++)
		rows[in.count++] = (struct input){ .name = outbox_type_names[type],
			                           .label = outbox_type_names[type],
			                           .kind = INPUT_CHECK };
	view = inputs_view(p, "type", &in);
	json_set_str(view, "name", arena_printf(p->c->arena, "%.*ss", STR_ARG(name)));
	json_array_append_new(groups, view);
	return type;
}

/* The fields and checkboxes of an endpoint's form; e is NULL for a new one. */
static void put_form(struct page *p, const struct endpoint *e, json_t *values, struct str action)
{
	struct inputs form = { inputs, LEN(inputs), values, action };
	json_t *groups = json_array();
	int64_t type = OUTBOX_TEST + 1;

	for (int64_t i = type; e && e->types.n > 0 && i < OUTBOX_TYPE_COUNT; i++)
		if (endpoint_wants(e, i))
			json_set_bool(values, outbox_type_names[i], true);
	inputs_put(p, "form", &form);
	while (type < OUTBOX_TYPE_COUNT)
		type = put_group(p, groups, &form, type);
	json_object_set_new(p->view, "groups", groups);
}

static json_t *endpoint_view(struct page *p, const struct endpoint *e)
{
	json_t *o = page_row(p, &endpoint_model, e);
	struct str rest = e->types;
	int64_t count = 0;

	for (; rest.n > 0; count++)
		str_cut(&rest, ',');
	json_set_str(o, "wants", count == 0 ? STR("All types")
	                         : count == 1
	                                 ? e->types
	                                 : arena_printf(p->c->arena, "%lld types",
	                                                (long long)count));
	json_set_bool(o, "enabled", e->status == ENDPOINT_ENABLED);
	json_set_bool(o, "waits", e->not_before > p->c->now_ms);
	json_set_bool(o, "two_secrets", e->before_until > p->c->now_ms);
	return o;
}

bool webhook_web_list(struct ctx *c, const struct req *q, struct res *r)
{
	struct list all;
	struct page p;
	json_t *list;

	if (!page_open(&p, c, q, r) || !endpoint_list(c, &all))
		return false;
	list = json_array();
	json_object_set_new(p.view, "endpoints", list);
	for (size_t i = 0; i < all.count; i++)
		json_array_append_new(list, endpoint_view(&p, (struct endpoint *)all.items + i));
	json_set_bool(p.view, "any", all.count > 0);
	json_set_bool(p.view, "full", all.count >= ENDPOINT_MAX);
	put_form(&p, NULL, NULL, STR("/settings/webhooks"));
	settings_web_tabs(&p, "webhooks");
	return page_show(&p, "app/webhooks.html", STR("Webhooks"));
}

static bool delivery_row(struct page *p, const void *row, json_t *view)
{
	const struct delivery *d = row;

	(void)p;
	json_set_bool(view, "waiting", d->status == DELIVERY_WAITING);
	json_set_bool(view, "tried", d->attempts > 0);
	return true;
}

/* secret: "" but in the answer that makes it. */
static bool show(struct page *p, const struct endpoint *e, struct str secret)
{
	const struct listing l = {
		.spec = &delivery_list, .scope = { "endpoint_id", e->id }, .choices = choices,
		.choice_count = LEN(choices), .row = delivery_row,
	};
	struct str path = path_of(p->c, e);
	json_t *view = endpoint_view(p, e);

	json_object_set_new(p->view, "endpoint", view);
	json_set_str(p->view, "secret", secret);
	put_form(p, e, view, path);
	inputs_put(p, "again", &(struct inputs){ replay_inputs, LEN(replay_inputs), NULL,
	                                         arena_printf(p->c->arena, "%.*s/replay",
	                                                      STR_ARG(path)) });
	settings_web_tabs(p, "webhooks");
	return listing_put(p, "list", &l)
	    && page_show(p, "app/webhook.html", STR("Webhook endpoint"));
}

static bool named(struct ctx *c, const struct req *q, struct endpoint *out)
{
	int64_t id;

	return page_arg_id(c, q, ID_WEBHOOK, &id)
	    && endpoint_get(c, id, out);
}

bool webhook_web_show(struct ctx *c, const struct req *q, struct res *r)
{
	struct endpoint e;
	struct page p;

	return named(c, q, &e)
	    && page_open(&p, c, q, r)
	    && show(&p, &e, STR(""));
}

static bool read_types(struct ctx *c, const struct req *q, struct str *out)
{
	struct buf b;

	buf_init(&b, c->arena);
	for (int64_t type = OUTBOX_TEST + 1; type < OUTBOX_TYPE_COUNT; type++) {
		bool ticked = false;

		if (!form_get_bool(c, &q->form, outbox_type_names[type], MAY(0, 0), &ticked))
			return false;
		if (ticked)
			buf_printf(&b, "%s%s", b.n > 0 ? "," : "", outbox_type_names[type]);
	}
	*out = b.n > 0 ? buf_text(&b) : STR("");
	return true;
}

static bool read_form(struct ctx *c, const struct req *q, struct endpoint *e)
{
	e->description = STR("");
	return form_get_str(c, &q->form, "url", MUST(1, ENDPOINT_URL_MAX), &e->url)
	    && form_get_str(c, &q->form, "description", MAY(0, 200), &e->description)
	    && read_types(c, q, &e->types);
}

/* No redirect: the secret is in this answer and nowhere else. */
bool webhook_web_create(struct ctx *c, const struct req *q, struct res *r)
{
	struct endpoint e = { 0 };
	struct str secret;
	struct page p;

	return read_form(c, q, &e)
	    && endpoint_create(c, &e, &secret)
	    && page_open(&p, c, q, r)
	    && show(&p, &e, secret);
}

bool webhook_web_save(struct ctx *c, const struct req *q, struct res *r)
{
	struct endpoint before, after;

	if (!named(c, q, &before))
		return false;
	after = before;
	return read_form(c, q, &after)
	    && endpoint_update(c, &before, &after)
	    && page_done(c, q, r, path_of(c, &after), "webhook.saved");
}

bool webhook_web_rotate(struct ctx *c, const struct req *q, struct res *r)
{
	struct endpoint e;
	struct str secret;
	struct page p;

	return named(c, q, &e)
	    && endpoint_rotate(c, &e, ENDPOINT_KEEP_HOURS, &secret)
	    && page_open(&p, c, q, r)
	    && show(&p, &e, secret);
}

bool webhook_web_test(struct ctx *c, const struct req *q, struct res *r)
{
	struct endpoint e;
	struct message m;

	return named(c, q, &e)
	    && delivery_test(c, &e, &m)
	    && page_done(c, q, r, path_of(c, &e), "webhook.test");
}

static bool set_status(struct ctx *c, const struct req *q, struct res *r,
                       enum endpoint_status status, const char *flash)
{
	struct endpoint before, after;

	if (!named(c, q, &before))
		return false;
	after = before;
	after.status = status;
	return endpoint_update(c, &before, &after)
	    && page_done(c, q, r, path_of(c, &after), flash);
}

bool webhook_web_enable(struct ctx *c, const struct req *q, struct res *r)
{
	return set_status(c, q, r, ENDPOINT_ENABLED, "webhook.enabled");
}

bool webhook_web_disable(struct ctx *c, const struct req *q, struct res *r)
{
	return set_status(c, q, r, ENDPOINT_DISABLED, "webhook.disabled");
}

bool webhook_web_remove(struct ctx *c, const struct req *q, struct res *r)
{
	struct endpoint e;

	return named(c, q, &e)
	    && endpoint_remove(c, &e)
	    && page_done(c, q, r, STR("/settings/webhooks"), "webhook.removed");
}

/* The day begins where the organisation is. */
static bool read_day(struct ctx *c, const struct req *q, int64_t *out_ms)
{
	struct date day;
	struct str text, zone;

	if (!form_get_str(c, &q->form, "since", MUST(1, 10), &text) || !org_timezone(c, &zone))
		return false;
	if (!date_parse(text, &day))
		return fail(c, ERR_INVALID, "since", "must be a day like 2026-11-20");
	*out_ms = zone_day_start_ms(zone, day);
	return true;
}

bool webhook_web_replay(struct ctx *c, const struct req *q, struct res *r)
{
	struct delivery_replay d = { 0 };
	struct endpoint e;

	return named(c, q, &e)
	    && read_day(c, q, &d.since_ms)
	    && delivery_replay_since(c, &e, &d)
	    && page_done(c, q, r, path_of(c, &e),
	                 d.until_ms ? "webhook.replayed_some"
	                            : d.count ? "webhook.replayed" : "webhook.replayed_none");
}
