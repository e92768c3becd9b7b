/* SPDX-License-Identifier: Apache-2.0 */
#include "portal/portal_device_web.h"

#include "access/access.h"
#include "app.h"
#include "base/check.h"
#include "base/clock.h"
#include "click/click.h"
#include "click/own_device.h"
#include "work/work.h"

#include <stdlib.h>

/* Once a day, as a rate limit says it. */
static const struct rate_policy once_a_day = { 1, 86400 };

struct note {
	struct task task; /* first: tasks are notes */
	struct arena arena;
	int64_t partner_id, at_ms;
	uint64_t device;
};

static bool run(struct ctx *c, struct task *t)
{
	struct note *n = (struct note *)t;

	return own_device_note(c, n->partner_id, n->at_ms, click_device_text(c->arena, n->device));
}

static void done(struct task *t, bool ok, const struct err *e)
{
	struct note *n = (struct note *)t;

	(void)ok; /* not told to anybody: the next session takes it */
	(void)e;
	arena_release(&n->arena);
	free(n);
}

static uint64_t device_of(const struct ctx *c, const struct req *q)
{
	struct visit v = { .at_ms = c->now_ms, .ip = q->remote_ip,
		           .user_agent = req_header(q, "User-Agent") };

	return click_device(app_of(c)->clicks, &v);
}

/* A device is another one each day, so its name says the day as well. */
static bool is_new(const struct ctx *c, uint64_t device)
{
	struct {
		int64_t session_id, partner_id;
		uint64_t device;
	} key = { c->actor.session_id, c->actor.partner_id, device };
	struct str name = { (const char *)&key, sizeof(key) };

	return rate_take(app_of(c)->access->seen, name, once_a_day, clock_mono_ns()).allowed;
}

void portal_device_note(const struct ctx *c, const struct req *q)
{
	struct app *app = app_of(c);
	struct note *n;
	uint64_t device;

	if (!app || !app->clicks || !app->work || c->actor.session_id == 0)
		return;
	device = device_of(c, q);
	if (!is_new(c, device))
		return;
	n = calloc(1, sizeof(*n));
	CHECK(n != NULL);
	arena_init(&n->arena);
	n->partner_id = c->actor.partner_id;
	n->at_ms = c->now_ms;
	n->device = device;
	n->task = (struct task){ .kind = WORK_WRITE, .org_id = c->org_id, .arena = &n->arena,
		                 .app = app, .run = run, .done = done };
	if (!work_submit(app->work, &n->task))
		done(&n->task, false, NULL);
}
