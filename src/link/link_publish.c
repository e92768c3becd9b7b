/* SPDX-License-Identifier: Apache-2.0 */
#include "link/link_publish.h"

#include "app.h"
#include "click/click.h"

#include <pthread.h>

/* A slug held by a request that is under way. Lives in the request's arena. */
struct held {
	struct link_table *table;
	const struct arena *arena; /* whose request it is, also when it is repeated */
	struct link_entry entry;
	struct held *next;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct held *all;

/* The table, or NULL in commands that answer no clicks. */
static struct link_table *table_of(const struct ctx *c)
{
	return app_of(c) && app_of(c)->clicks ? click_links(app_of(c)->clicks) : NULL;
}

static struct held *find_held(const struct ctx *c, const struct link_entry *e)
{
	struct held *h;

	pthread_mutex_lock(&mutex);
	h = all;
	while (h && !(h->arena == c->arena && str_eq(h->entry.slug, e->slug)
	              && str_eq(h->entry.host, e->host)))
		h = h->next;
	pthread_mutex_unlock(&mutex);
	return h;
}

/* The request is over: a slug that became a link stays, any other is free again. */
static void let_go(void *arg)
{
	struct held *h = arg, **at = &all;

	pthread_mutex_lock(&mutex);
	while (*at != h)
		at = &(*at)->next;
	*at = h->next;
	pthread_mutex_unlock(&mutex);
	link_table_release(h->table, &h->entry);
}

static struct link_entry copy(struct arena *a, const struct link_entry *e)
{
	struct link_entry own = *e;

	own.host = arena_str(a, e->host);
	own.slug = arena_str(a, e->slug);
	own.url = arena_str(a, e->url);
	return own;
}

bool link_hold(struct ctx *c, struct link_entry *e)
{
	struct link_table *table = table_of(c);
	struct held *h;

	if (!table)
		return true;
	h = find_held(c, e);
	if (h) {
		e->link_id = h->entry.link_id;
		return true;
	}
	if (!link_table_reserve(table, e))
		return false;
	h = ARENA_NEW(c->arena, struct held);
	*h = (struct held){ .table = table, .arena = c->arena, .entry = copy(c->arena, e) };
	pthread_mutex_lock(&mutex);
	h->next = all;
	all = h;
	pthread_mutex_unlock(&mutex);
	arena_defer(c->arena, let_go, h);
	return true;
}

static void add(struct ctx *c, void *arg)
{
	link_table_add(table_of(c), arg);
}

static void take_out(struct ctx *c, void *arg)
{
	link_table_remove(table_of(c), arg);
}

static void later(struct ctx *c, void (*fn)(struct ctx *, void *), const struct link_entry *e)
{
	struct link_entry *own;

	if (!table_of(c))
		return;
	own = ARENA_NEW(c->arena, struct link_entry);
	*own = copy(c->arena, e);
	ctx_after_commit(c, fn, own);
}

void link_publish(struct ctx *c, const struct link_entry *e)
{
	later(c, add, e);
}

void link_unpublish(struct ctx *c, const struct link_entry *e)
{
	later(c, take_out, e);
}
