/* SPDX-License-Identifier: Apache-2.0 */
#include "access/seen.h"
#include "access/access.h"
#include "app.h"
#include "base/check.h"
#include "base/clock.h"
#include "user/session.h"
#include "work/work.h"

#include <stdlib.h>

/* Once in ten minutes, as a rate limit says it. */
static const struct rate_policy now_and_then = { 1, 600 };

struct seen {
	struct task task; /* first: tasks are notes */
	struct arena arena;
	int64_t session_id;
};

static bool run(struct ctx *c, struct task *t)
{
	return session_seen(c, ((struct seen *)t)->session_id);
}

static void done(struct task *t, bool ok, const struct err *e)
{
	struct seen *s = (struct seen *)t;

	(void)ok; /* a note that was not taken will be taken the next time */
	(void)e;
	arena_release(&s->arena);
	free(s);
}

void seen_note(const struct ctx *c)
{
	struct app *app = app_of(c);
	struct str name = { (const char *)&c->actor.session_id, sizeof(c->actor.session_id) };
	struct seen *s;

	if (c->actor.session_id == 0
	    || !rate_take(app->access->seen, name, now_and_then, clock_mono_ns()).allowed)
		return;
	s = calloc(1, sizeof(*s));
	CHECK(s != NULL);
	arena_init(&s->arena);
	s->session_id = c->actor.session_id;
	s->task = (struct task){ .kind = WORK_CONTROL_WRITE, .arena = &s->arena, .app = app,
		                 .run = run, .done = done };
	if (!work_submit(app->work, &s->task))
		done(&s->task, false, NULL);
}
