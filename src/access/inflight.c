/* SPDX-License-Identifier: Apache-2.0 */
#include "access/inflight.h"

#include "base/check.h"

#include <pthread.h>
#include <stdlib.h>

#define CHAINS 1024

struct inflight {
	pthread_mutex_t mutex;
	struct inflight_entry *chains[CHAINS];
};

struct inflight *inflight_new(void)
{
	struct inflight *f = calloc(1, sizeof(*f));

	CHECK(f != NULL);
	pthread_mutex_init(&f->mutex, NULL);
	return f;
}

void inflight_free(struct inflight *f)
{
	if (!f)
		return;
	pthread_mutex_destroy(&f->mutex);
	free(f);
}

static struct inflight_entry **chain_of(struct inflight *f, const struct inflight_entry *e)
{
	return &f->chains[(str_hash(e->name) ^ (uint64_t)e->key_id) % CHAINS];
}

bool inflight_enter(struct inflight *f, struct inflight_entry *e)
{
	struct inflight_entry **chain = chain_of(f, e), *other;

	pthread_mutex_lock(&f->mutex);
	other = *chain;
	while (other && (other->key_id != e->key_id || !str_eq(other->name, e->name)))
		other = other->next;
	if (!other) {
		e->next = *chain;
		*chain = e;
	}
	pthread_mutex_unlock(&f->mutex);
	return !other;
}

void inflight_leave(struct inflight *f, struct inflight_entry *e)
{
	struct inflight_entry **at = chain_of(f, e);

	pthread_mutex_lock(&f->mutex);
	while (*at && *at != e)
		at = &(*at)->next;
	CHECK(*at == e);
	*at = e->next;
	pthread_mutex_unlock(&f->mutex);
}
