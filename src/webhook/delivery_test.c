/* SPDX-License-Identifier: Apache-2.0 */
#include "webhook/delivery.h"

#include "api/call.h"
#include "app.h"
#include "base/clock.h"

static const unsigned char key[32] = { 7 };

static struct endpoint endpoint(struct ctx *c, struct app *app, struct store *s)
{
	struct endpoint e = { .url = STR("https://hooks.example/") };
	struct str secret;

	*app = (struct app){ .outbox = outbox_new(0), .secret = key };
	c->app = app;
	OK(call_begin(c, s, 1));
	OK(endpoint_create(c, &e, &secret));
	return e;
}

static void end(struct ctx *c, struct app *app, struct store *s)
{
	OK(call_end(c, s));
	outbox_free(app->outbox);
	c->app = NULL;
}

/* The one that waits. */
static struct delivery waiting(struct ctx *c, const struct endpoint *e)
{
	struct list due;

	OK(delivery_due(c, e->id, 10, &due));
	EQ(due.count, 1);
	return *(const struct delivery *)due.items;
}

static enum retry_verdict attempt(struct ctx *c, struct endpoint *e, struct delivery *d,
                                  int64_t status)
{
	struct delivery_attempt a = { .retry_after_s = -1 };

	d->answered = status;
	OK(delivery_settle(c, d, e, &a));
	OK(endpoint_get(c, e->id, e));
	return a.verdict;
}

STORE_TEST(what_is_leased_is_not_due_until_the_lease_ends)
{
	struct app app;
	struct endpoint e = endpoint(c, &app, s);
	struct message m;
	struct delivery d;
	struct list due;
	int64_t next;

	OK(delivery_test(c, &e, &m));
	d = waiting(c, &e);
	EQ(d.message_id, m.id);
	OK(delivery_lease(c, &d));
	OK(delivery_due(c, e.id, 10, &due));
	EQ(due.count, 0);
	OK(delivery_next(c, e.id, &next));
	EQ(next, c->now_ms + DELIVERY_LEASE_MS);
	c->now_ms = next;
	EQ(waiting(c, &e).id, d.id);
	end(c, &app, s);
}

STORE_TEST(an_endpoint_is_disabled_when_nothing_arrives_for_days)
{
	struct app app;
	struct endpoint e = endpoint(c, &app, s);
	struct delivery d;
	struct message m;

	OK(delivery_test(c, &e, &m));
	d = waiting(c, &e);
	for (int i = 1; i < RETRY_ATTEMPTS; i++) {
		EQ(attempt(c, &e, &d, 500), RETRY_AGAIN);
		EQ(e.status, ENDPOINT_ENABLED);
		OK(e.failing_since > 0);
		c->now_ms = d.next_at;
	}
	EQ(attempt(c, &e, &d, 0), RETRY_NEVER);
	EQ(e.status, ENDPOINT_DISABLED);
	FAILS(delivery_test(c, &e, &m), ERR_STATE, "status");
	end(c, &app, s);
}

STORE_TEST(an_endpoint_that_takes_other_messages_is_not_disabled_for_one)
{
	struct app app;
	struct endpoint e = endpoint(c, &app, s);
	struct delivery bad, good;
	struct message m;

	OK(delivery_test(c, &e, &m));
	bad = waiting(c, &e);
	for (int i = 1; i < RETRY_ATTEMPTS; i++) {
		EQ(attempt(c, &e, &bad, 500), RETRY_AGAIN);
		c->now_ms = bad.next_at - 1;
		OK(delivery_test(c, &e, &m));
		good = waiting(c, &e);
		EQ(attempt(c, &e, &good, 200), RETRY_DELIVERED);
		EQ(e.failing_since, 0);
		c->now_ms = bad.next_at;
	}
	EQ(attempt(c, &e, &bad, 500), RETRY_NEVER);
	EQ(bad.status, DELIVERY_FAILED);
	EQ(e.status, ENDPOINT_ENABLED);
	end(c, &app, s);
}

STORE_TEST(gone_endpoints_are_disabled_and_say_why)
{
	struct app app;
	struct endpoint e = endpoint(c, &app, s);
	struct delivery d;
	struct message m;

	OK(delivery_test(c, &e, &m));
	d = waiting(c, &e);
	EQ(attempt(c, &e, &d, 410), RETRY_GONE);
	EQ(e.status, ENDPOINT_DISABLED);
	EQ_STR(e.reason, "The endpoint answered 410 Gone.");
	end(c, &app, s);
}

STORE_TEST(a_secret_that_was_replaced_signs_until_its_time_is_over)
{
	struct app app;
	struct endpoint e = endpoint(c, &app, s);
	struct str first[2], fresh, both[2];

	OK(endpoint_secrets(c, &e, first));
	EQ(first[1].n, 0);
	OK(endpoint_rotate(c, &e, 24, &fresh));
	OK(endpoint_secrets(c, &e, both));
	OK(str_eq(both[0], fresh) && str_eq(both[1], first[0]));
	c->now_ms += 24 * MS_PER_HOUR;
	OK(endpoint_secrets(c, &e, both));
	OK(str_eq(both[0], fresh) && both[1].n == 0);
	end(c, &app, s);
}

STORE_TEST(old_messages_are_forgotten_with_their_deliveries)
{
	struct app app;
	struct endpoint e = endpoint(c, &app, s);
	struct message old, fresh;
	struct delivery d;
	bool more;

	OK(delivery_test(c, &e, &old));
	d = waiting(c, &e);
	c->now_ms += (DELIVERY_DAYS + 1) * MS_PER_DAY;
	OK(delivery_test(c, &e, &fresh));
	OK(delivery_prune(c, &more));
	NO(more);
	OK(message_get(c, fresh.id, &fresh));
	FAILS(message_get(c, old.id, &old), ERR_NOT_FOUND, "id");
	FAILS(delivery_get(c, d.id, &d), ERR_NOT_FOUND, "id");
	end(c, &app, s);
}
