/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/serve_links.h"

#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "click/click.h"
#include "link/link.h"
#include "work/work.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct serve_links {
	struct app *app;
	bool in_background;
	pthread_t thread;
	_Atomic bool stop;
};

static bool load_links(struct ctx *c, struct task *t)
{
	(void)t;
	return link_load_all(c);
}

/* The links of every organisation; stops early, with true, when it is told to. */
static bool load_all(struct ctx *c, struct serve_links *l)
{
	struct store_orgs orgs;

	if (!store_orgs(l->app->store, c, &orgs))
		return false;
	for (size_t i = 0; i < orgs.count && !atomic_load(&l->stop); i++) {
		struct arena a;
		struct task t = { .kind = WORK_READ, .org_id = orgs.ids[i], .arena = &a,
		                  .app = l->app, .run = load_links };
		bool ok;

		arena_init(&a);
		ok = work_run(l->app->work, c, &t);
		arena_release(&a);
		if (!ok)
			return false;
	}
	return true;
}

/* What no database has goes only if all of them have been read. */
static bool compare(struct ctx *c, struct serve_links *l)
{
	bool ok = load_all(c, l);

	click_links_confirmed(l->app->clicks, ok && !atomic_load(&l->stop));
	return ok;
}

static void *compare_later(void *arg)
{
	struct serve_links *l = arg;
	struct arena a;
	struct ctx c = { .arena = &a, .app = l->app, .now_ms = clock_now_ms(),
	                 .actor = { .kind = ACTOR_SYSTEM, .role = ROLE_OWNER } };

	arena_init(&a);
	if (!compare(&c, l))
		log_event(LOG_ERROR, "links could not be compared with the databases",
		          LOG_CSTR("why", c.err.msg));
	arena_release(&a);
	return NULL;
}

struct serve_links *serve_links_start(struct ctx *c, struct app *app)
{
	struct serve_links *l = calloc(1, sizeof(*l));

	CHECK(l);
	l->app = app;
	l->in_background = click_links_known(app->clicks);
	if (l->in_background) {
		CHECK(pthread_create(&l->thread, NULL, compare_later, l) == 0);
	} else if (!compare(c, l)) {
		free(l);
		return NULL;
	}
	return l;
}

void serve_links_stop(struct serve_links *l)
{
	if (!l)
		return;
	atomic_store(&l->stop, true);
	if (l->in_background)
		pthread_join(l->thread, NULL);
	free(l);
}
