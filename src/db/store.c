/* SPDX-License-Identifier: Apache-2.0 */
#include "db/store.h"
#include "base/check.h"
#include "db/db_driver.h"
#include "db/unfinished.h"

struct store *store_open(struct ctx *c, const struct store_config *config)
{
	if (!unfinished_check(c, config->data_dir))
		return NULL;
	return config->database_url.n > 0 ? postgres_store_open(c, config)
	                                  : sqlite_store_open(c, config);
}

void store_close(struct store *s)
{
	if (s)
		s->driver->close(s);
}

bool store_is_postgres(const struct store *s)
{
	return s->is_postgres;
}

bool store_migrate(struct store *s, struct ctx *c, int64_t org_id)
{
	CHECK(org_id >= 0);
	return s->driver->migrate(s, c, org_id);
}

bool store_orgs(struct store *s, struct ctx *c, struct store_orgs *out)
{
	return s->driver->orgs(s, c, out);
}

struct db *store_begin(struct store *s, struct ctx *c, int64_t org_id, enum store_mode mode)
{
	struct db *db;

	CHECK(org_id >= 0);
	db = s->driver->begin(s, c, org_id, mode);
	if (!db)
		return NULL;
	db->org_id = org_id;
	db->mode = mode;
	db->serial = db_next_serial();
	db->parts = 0;
	arena_reset(&db->arena);
	asked_clear(&db->asked);
	sums_clear(&db->sums);
	*(org_id == 0 ? &c->control : &c->db) = db;
	return db;
}

static void detach(struct ctx *c, const struct db *db)
{
	if (c->db == db)
		c->db = NULL;
	if (c->control == db)
		c->control = NULL;
}

bool store_commit_early(struct store *s, struct ctx *c, struct db *db, struct store_mark *out)
{
	*out = (struct store_mark){ 0 };
	detach(c, db);
	if (!db->failed && !sums_write(c, db)) {
		struct err e = c->err;

		s->driver->rollback(s, db);
		c->err = e;
		return false;
	}
	return s->driver->commit(s, c, db, out);
}

void store_settle(struct store *s, const struct store_mark *mark)
{
	if (mark->file)
		s->driver->settle(s, mark);
}

void store_tend(struct store *s, struct store_mark *mark)
{
	if (mark->file)
		s->driver->tend(s, mark);
	mark->file = NULL;
}

bool store_commit(struct store *s, struct ctx *c, struct db *db)
{
	struct store_mark mark;
	bool ok = store_commit_early(s, c, db, &mark);

	store_settle(s, &mark);
	store_tend(s, &mark);
	return ok;
}

void store_rollback(struct store *s, struct db *db)
{
	s->driver->rollback(s, db);
}

static bool begin_twins(struct ctx *c, struct ctx *to, struct twins *all, size_t count)
{
	struct db *one = c->db;

	for (; all->count < count; all->count++) {
		struct ctx *twin = &to[all->count];

		if (!store_begin(one->store, twin, one->org_id, STORE_READ)) {
			c->err = twin->err;
			return false;
		}
		all->dbs[all->count] = twin->db;
	}
	return true;
}

bool store_twins(struct ctx *c, struct ctx *to, size_t count)
{
	struct twins all = { .count = 0 };
	struct db *one = c->db;
	bool same = false, ok;

	CHECK(one != NULL && count <= STORE_TWINS_MAX);
	for (size_t i = 0; i < count; i++)
		to[i].db = NULL;
	if (one->mode != STORE_READ || !one->driver->twin)
		return true;
	ok = begin_twins(c, to, &all, count) && one->driver->twin(one, c, &all, &same);
	one->serial = db_next_serial();
	if (!same)
		store_twins_end(to, count);
	return ok;
}

void store_twins_end(struct ctx *to, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (to[i].db)
			store_rollback(to[i].db->store, to[i].db);
		to[i].db = NULL;
	}
}

static bool step(struct ctx *c, struct db *db, enum savepoint_step what)
{
	if (what == SAVEPOINT_UNDO)
		db->serial = db_next_serial();
	if (db->failed)
		return db_fail(c, db->failed);
	if (what == SAVEPOINT_SET) {
		CHECK(++db->parts <= DB_PARTS_MAX);
		sums_mark(db);
		return db->driver->savepoint(db, c, what);
	}
	CHECK(db->parts > 0);
	if (what == SAVEPOINT_UNDO)
		sums_undo(db);
	db->parts--;
	return db->driver->savepoint(db, c, what);
}

bool store_savepoint(struct ctx *c, struct db *db)
{
	return step(c, db, SAVEPOINT_SET);
}

bool store_savepoint_release(struct ctx *c, struct db *db)
{
	return step(c, db, SAVEPOINT_RELEASE);
}

/* The caller is on its way out with an error: keep that one unless the undo itself fails. */
bool store_savepoint_undo(struct ctx *c, struct db *db)
{
	struct err e = c->err;

	if (!step(c, db, SAVEPOINT_UNDO))
		return false;
	c->err = e;
	return true;
}

void store_inject_commit(struct store *s, bool (*fn)(int64_t org_id))
{
	s->inject_commit = fn;
}
