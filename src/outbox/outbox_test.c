/* SPDX-License-Identifier: Apache-2.0 */
#include "outbox/outbox.h"

#include "api/call.h"
#include "app.h"
#include "partner/partner.h"
#include "webhook/delivery.h"

static const unsigned char key[32] = { 7 };

/* An organisation with a campaign, in a program that has an outbox. */
struct office {
	struct app app;
	const char *campaign;
};

static struct office *office(struct ctx *c, struct store *s)
{
	struct office *f = ARENA_NEW(c->arena, struct office);

	f->app = (struct app){ .outbox = outbox_new(0), .secret = key };
	c->app = &f->app;
	OK(call_begin(c, s, 1));
	f->campaign = call_campaign(c, "spring");
	return f;
}

static void close_office(struct ctx *c, struct store *s, struct office *f)
{
	OK(call_end(c, s));
	outbox_free(f->app.outbox);
	c->app = NULL;
}

static void commit(struct ctx *c, struct store *s)
{
	OK(call_end(c, s));
	ctx_committed(c);
	OK(call_begin(c, s, 1));
}

static struct list messages(struct ctx *c)
{
	struct list all;

	OK(message_list(c, &(struct message_range){ 0, INT64_MAX, 1000 }, &all));
	return all;
}

static int64_t number(const struct list *all, size_t i)
{
	return ((const struct message *)all->items)[i].sequence;
}

static struct endpoint endpoint(struct ctx *c, const char *types)
{
	struct endpoint e = { .url = STR("https://hooks.example/"), .types = str_from(types) };
	struct str secret;

	OK(endpoint_create(c, &e, &secret));
	return e;
}

STORE_TEST(a_message_is_written_where_somebody_wants_it)
{
	struct office *f = office(c, s);

	call_partner(c, f->campaign, "a@partner.example");
	EQ(messages(c).count, 0);
	endpoint(c, "partner.created,sale.recorded");
	call_partner(c, f->campaign, "b@partner.example");
	commit(c, s);
	EQ(messages(c).count, 1);
	endpoint(c, "");
	call_partner(c, f->campaign, "c@partner.example");
	EQ(messages(c).count, 3);
	close_office(c, s, f);
}

STORE_TEST(numbers_of_messages_have_no_gaps_whatever_is_undone)
{
	struct office *f = office(c, s);
	struct list all;

	endpoint(c, "partner.created");
	call_partner(c, f->campaign, "a@partner.example");
	commit(c, s);
	OK(store_savepoint(c, c->db));
	call_partner(c, f->campaign, "b@partner.example");
	EQ(messages(c).count, 2);
	OK(store_savepoint_undo(c, c->db));
	call_partner(c, f->campaign, "c@partner.example");
	all = messages(c);
	EQ(all.count, 2);
	EQ(number(&all, 0), 1);
	EQ(number(&all, 1), 2);
	close_office(c, s, f);
}

STORE_TEST(an_endpoint_that_came_to_nothing_is_told_nothing)
{
	struct office *f = office(c, s);

	commit(c, s);
	OK(store_savepoint(c, c->db));
	endpoint(c, "");
	OK(store_savepoint_undo(c, c->db));
	call_partner(c, f->campaign, "a@partner.example");
	EQ(messages(c).count, 0);
	close_office(c, s, f);
}

STORE_TEST(an_endpoint_whose_removal_came_to_nothing_is_told_all)
{
	struct office *f = office(c, s);
	struct endpoint e = endpoint(c, "partner.created");

	commit(c, s);
	OK(store_savepoint(c, c->db));
	OK(endpoint_remove(c, &e));
	call_partner(c, f->campaign, "a@partner.example");
	EQ(messages(c).count, 0);
	OK(store_savepoint_undo(c, c->db));
	call_partner(c, f->campaign, "b@partner.example");
	EQ(messages(c).count, 1);
	close_office(c, s, f);
}

STORE_TEST(a_message_has_the_object_as_the_api_shows_it_without_personal_data)
{
	struct office *f = office(c, s);
	struct message m;
	struct list all;
	json_t *doc, *data;

	endpoint(c, "partner.created");
	call_partner(c, f->campaign, "ann@partner.example");
	all = messages(c);
	EQ(all.count, 1);
	OK(message_get(c, ((const struct message *)all.items)[0].id, &m));
	OK(json_read_object(c, m.body, &doc));
	data = json_object_get(doc, "data");
	EQ_STR(json_text(json_object_get(doc, "type")), "partner.created");
	EQ_STR(json_text(json_object_get(data, "object")), "partner");
	EQ_STR(json_text(json_object_get(data, "email")), "a***@p***.example");
	OK(json_is_array(json_object_get(data, "enrolments")));
	EQ(c->actor.kind, ACTOR_SYSTEM);
	close_office(c, s, f);
}

STORE_TEST(endpoints_of_one_organisation_are_told_nothing_of_another)
{
	struct office *f = office(c, s);

	endpoint(c, "");
	OK(call_end(c, s));
	ctx_committed(c);
	OK(call_begin(c, s, 2));
	call_partner(c, call_campaign(c, "spring"), "a@partner.example");
	EQ(messages(c).count, 0);
	close_office(c, s, f);
}
