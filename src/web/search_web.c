/* SPDX-License-Identifier: Apache-2.0 */
#include "web/search_web.h"
#include "base/check.h"
#include "customer/customer.h"
#include "data/json.h"
#include "deal/deal_search.h"
#include "event/dispute.h"
#include "event/event.h"
#include "rules/dispute.h"
#include "link/code.h"
#include "link/link.h"
#include "partner/partner_search.h"
#include "web/page.h"
#include "web/say.h"

#define PARTNERS_MAX 20
#define DEALS_MAX 20

struct search {
	struct page *p;
	struct str text;
	json_t *results;
};

static void put(struct search *s, const char *what, struct str name, struct str href)
{
	json_t *o = json_object();

	json_set_str(o, "what", str_from(what));
	json_set_str(o, "name", name);
	json_set_str(o, "href", href);
	json_array_append_new(s->results, o);
}

static void found(struct search *s, const char *what, struct str name, struct str id)
{
	put(s, what, name, say_href(s->p, id));
}

static bool find_partners(struct search *s)
{
	struct list rows;

	if (!partner_search(s->p->c, s->text, PARTNERS_MAX, &rows))
		return false;
	for (size_t i = 0; i < rows.count; i++) {
		const struct partner *p = (const struct partner *)rows.items + i;

		found(s, "Partner", p->name, id_str(s->p->c->arena, ID_PARTNER, p->id));
	}
	return true;
}

static bool find_links(struct search *s)
{
	struct link link;
	struct code code;
	bool is_link, is_code;

	if (!link_find_slug(s->p->c, s->text, &link, &is_link)
	    || !code_find(s->p->c, s->text, &code, &is_code))
		return false;
	if (is_link)
		found(s, "Link", link.slug, id_str(s->p->c->arena, ID_LINK, link.id));
	if (is_code)
		found(s, "Code of a partner", code.code,
		      id_str(s->p->c->arena, ID_PARTNER, code.partner_id));
	return true;
}

static bool find_customers(struct search *s)
{
	struct customer cu;
	bool is_one;

	if (!s->p->c->actor.sees_personal_data)
		return true;
	if (!customer_find(s->p->c, s->text, &cu, &is_one))
		return false;
	if (is_one)
		found(s, "Customer", cu.external_id, id_str(s->p->c->arena, ID_CUSTOMER, cu.id));
	return true;
}

static bool find_deals(struct search *s)
{
	struct list rows;

	if (!deal_search(s->p->c, s->text, DEALS_MAX, &rows))
		return false;
	for (size_t i = 0; i < rows.count; i++) {
		const struct deal *d = (const struct deal *)rows.items + i;

		found(s, "Deal", d->company, id_str(s->p->c->arena, ID_DEAL, d->id));
	}
	return true;
}

static bool find_event(struct search *s, enum event_type type, struct str external_id)
{
	struct event e;
	bool is_one;

	if (!event_find(s->p->c, type, external_id, &e, &is_one))
		return false;
	if (is_one)
		found(s, event_type_names[type], e.external_id,
		      id_str(s->p->c->arena, ID_EVENT, e.id));
	return true;
}

static bool find_events(struct search *s)
{
	static const enum event_type types[] = {
		EVENT_SALE, EVENT_REFUND, EVENT_LEAD, EVENT_CHURN, EVENT_QUALIFIED_REFERRAL,
		EVENT_PROJECT_DELIVERED, EVENT_DEAL_CLOSED, EVENT_GOAL,
	};
	struct track t = { .external_id = s->text };

	for (size_t i = 0; i < LEN(types); i++)
		if (!find_event(s, types[i], s->text))
			return false;
	for (t.dispute_state = DISPUTE_OPEN; t.dispute_state <= DISPUTE_LOST; t.dispute_state++)
		if (!find_event(s, EVENT_DISPUTE, dispute_external_id(s->p->c, &t)))
			return false;
	return true;
}

static bool is_id(struct str s)
{
	int64_t id;

	for (int kind = 0; kind < ID_KIND_COUNT; kind++)
		if (id_parse((enum id_kind)kind, s, &id))
			return true;
	return false;
}

/* What the Request-Id of an answer has changed: in the audit log, for those who may read it. */
static bool is_request(struct search *s)
{
	int64_t id;

	if (s->p->c->actor.role < ROLE_ADMIN || !id_parse(ID_REQUEST, s->text, &id))
		return false;
	put(s, "Request", s->text,
	    arena_printf(s->p->c->arena, "%.*s/audit?request_id=%.*s", STR_ARG(s->p->base),
	                 STR_ARG(s->text)));
	return true;
}

static bool find_all(struct search *s)
{
	if (s->text.n == 0 || is_request(s))
		return true;
	if (is_id(s->text) && say_href(s->p, s->text).n > 0) {
		found(s, "Id", s->text, s->text);
		return true;
	}
	return find_partners(s)
	    && find_links(s)
	    && find_customers(s)
	    && find_deals(s)
	    && find_events(s);
}

bool search_web(struct ctx *c, const struct req *q, struct res *r)
{
	struct search s = { .text = str_trim(form_get(&q->query, "q")), .results = json_array() };
	struct page p;
	bool ok = page_open(&p, c, q, r);

	json_object_set_new(p.view, "results", s.results);
	s.p = &p;
	if (!ok || !find_all(&s))
		return false;
	if (json_array_size(s.results) == 1) {
		const json_t *only = json_array_get(s.results, 0);

		res_redirect(r, 303, json_text(json_object_get(only, "href")));
		return true;
	}
	json_set_str(p.view, "q", s.text);
	return page_show(&p, "app/search.html", STR("Search"));
}
