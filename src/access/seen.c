/* SPDX-License-Identifier: Apache-2.0 */
#include "access/seen.h"
#include "access/access.h"
#include "app.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "user/session.h"
#include "work/work.h"

#include <stdlib.h>

/* Once in ten minutes, as a rate limit says it. */
static const struct rate_policy now_and_then = { 1, 600 };

enum what { SESSION, KEY, STRAY };

struct seen {
	struct task task; /* first: tasks are notes */
	struct arena arena;
	enum what what;
	int64_t id;             /* of the session or key */
	struct str from;        /* STRAY */
	struct str request_id;  /* STRAY */
};

static bool run(struct ctx *c, struct task *t)
{
	const struct seen *s = (const struct seen *)t;

	switch (s->what) {
	case SESSION:
		return session_seen(c, s->id);
	case KEY:
		return key_used(c, s->id);
	case STRAY:
		break;
	}
	c->request_id = s->request_id;
	return key_stray(c, s->id, s->from);
}

static void done(struct task *t, bool ok, const struct err *e)
{
	struct seen *s = (struct seen *)t;

	(void)ok; /* a note that was not taken will be taken the next time */
	(void)e;
	arena_release(&s->arena);
	free(s);
}

/* Is it time for another note of this? */
static bool is_time(struct app *app, enum what what, int64_t id)
{
	int64_t about[2] = { (int64_t)what, id };
	struct str name = { (const char *)about, sizeof(about) };

	return rate_take(app->access->seen, name, now_and_then, clock_mono_ns()).allowed;
}

static struct seen *seen_new(struct app *app, enum what what, int64_t id)
{
	struct seen *s = calloc(1, sizeof(*s));

	CHECK(s != NULL);
	arena_init(&s->arena);
	s->what = what;
	s->id = id;
	s->task = (struct task){ .kind = WORK_CONTROL_WRITE, .arena = &s->arena, .app = app,
		                 .run = run, .done = done };
	return s;
}

static void submit(struct app *app, struct seen *s)
{
	if (!work_submit(app->work, &s->task))
		done(&s->task, false, NULL);
}

void seen_note(const struct ctx *c)
{
	struct app *app = app_of(c);
	enum what what = c->actor.session_id ? SESSION : KEY;
	int64_t id = what == SESSION ? c->actor.session_id : c->actor.key_id;
	struct seen *s;

	if (id == 0 || !is_time(app, what, id))
		return;
	s = seen_new(app, what, id);
	s->task.org_id = what == KEY ? c->org_id : 0;
	submit(app, s);
}

void seen_stray(struct app *app, const struct key_known *k, const struct req *q)
{
	struct seen *s;

	if (!is_time(app, STRAY, k->id))
		return;
	s = seen_new(app, STRAY, k->id);
	s->task.org_id = k->org_id;
	s->task.actor = (struct actor){ .kind = ACTOR_KEY, .key_id = k->id,
		                        .name = arena_str(&s->arena, k->name) };
	s->from = key_stray_from(&s->arena, q->remote_ip);
	s->request_id = arena_str(&s->arena, q->request_id);
	log_event(LOG_WARN, "key refused for its address", LOG_STR("id", s->request_id),
	          LOG_INT("org", k->org_id), LOG_STR("key", id_str(&s->arena, ID_KEY, k->id)),
	          LOG_STR("from", s->from));
	submit(app, s);
}
