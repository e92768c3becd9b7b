/* SPDX-License-Identifier: Apache-2.0 */
#include "program.h"
#include "access/access.h"
#include "base/clock.h"
#include "base/log.h"
#include "click/click.h"
#include "data/template.h"
#include "db/store.h"
#include "outbox/outbox.h"
#include "webhook/courier.h"
#include "work/work.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define CLICKS_CLOSE_MS 5000
#define MOMENT_MS 50        /* what comes later wakes its job */
#define PATIENCE_MS 20000   /* where there is no job to wake */
#define AGE_MS 2000 /* rows kept in memory while other servers may change them */

struct ctx program_ctx(struct program *p, struct arena *a)
{
	return (struct ctx){
		.arena = a,
		.app = &p->app,
		.actor = { .kind = ACTOR_SYSTEM, .role = ROLE_OWNER, .sees_money = true,
		           .sees_personal_data = true, .name = STR("partnerd") },
		.now_ms = clock_now_ms(),
	};
}

static const char *path_of(struct ctx *c, const struct program *p, const char *name)
{
	return arena_printf(c->arena, "%.*s/%s", STR_ARG(p->settings->data), name).p;
}

static bool make_directory(struct ctx *c, struct str path)
{
	char *text = arena_cstr(c->arena, path);

	for (size_t i = 1; i <= path.n; i++) {
		if (i < path.n && text[i] != '/')
			continue;
		text[i] = '\0';
		if (mkdir(text, 0700) != 0 && errno != EEXIST)
			return fail(c, ERR_STORAGE, "data", "%s cannot be made: %s", text,
			            strerror(errno));
		if (i < path.n)
			text[i] = '/';
	}
	return true;
}

static bool lock(struct ctx *c, struct program *p)
{
	const char *path = path_of(c, p, "partnerd.lock");

	p->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (p->lock_fd < 0)
		return fail(c, ERR_STORAGE, "data", "%s: %s", path, strerror(errno));
	if (flock(p->lock_fd, LOCK_EX | LOCK_NB) != 0)
		return fail(c, ERR_CONFLICT, "data", "%.*s is in use by another process",
		            STR_ARG(p->settings->data));
	return true;
}

/* Written under another name first, so that a secret is there whole or not at all. */
static bool make_secret(struct ctx *c, struct program *p, const char *path)
{
	const char *draft = arena_printf(c->arena, "%s.new", path).p;
	int fd = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	bool ok = fd >= 0;

	randombytes_buf(p->secret, sizeof(p->secret));
	ok = ok && write(fd, p->secret, sizeof(p->secret)) == (ssize_t)sizeof(p->secret)
	  && fsync(fd) == 0;
	if (fd >= 0)
		close(fd);
	return (ok && rename(draft, path) == 0)
	    || fail(c, ERR_STORAGE, "data", "%s cannot be written", path);
}

static bool read_secret(struct ctx *c, struct program *p)
{
	const char *path = path_of(c, p, "secret");
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0 && errno == ENOENT)
		return make_secret(c, p, path);
	n = fd < 0 ? -1 : read(fd, p->secret, sizeof(p->secret));
	if (fd >= 0)
		close(fd);
	return n == (ssize_t)sizeof(p->secret)
	    || fail(c, ERR_STORAGE, "data", "%s is not a secret of 32 bytes", path);
}

static bool open_store(struct ctx *c, struct program *p, enum program_use use)
{
	struct store_config config = {
		.data_dir = p->settings->data,
		.database_url = p->settings->database,
		.migrate_url = p->settings->migrate_database,
		.advise = use == PROGRAM_SERVE,
		.orgs_open_max = p->settings->open_organisations,
		.connections_max = p->settings->database_connections,
	};

	p->app.store = store_open(c, &config);
	return p->app.store != NULL;
}

static void open_work(struct program *p, enum program_use use)
{
	struct access_config access = {
		.max_age_ms = store_is_postgres(p->app.store) ? AGE_MS : 0,
	};
	struct work_config work = {
		.store = p->app.store,
		.workers = use == PROGRAM_SERVE ? (int)p->settings->workers : -1,
	};

	p->app.work = work_new(&work);
	p->app.access = access_new(&access);
	p->app.outbox = outbox_new(access.max_age_ms);
	p->app.courier = courier_new(&(struct courier_config){
		.work = p->app.work,
		.private = p->settings->webhook_private,
		.ca = p->settings->webhook_ca,
		.patience_ms = use == PROGRAM_SERVE && p->settings->jobs ? MOMENT_MS : PATIENCE_MS,
	});
}

static bool open_templates(struct ctx *c, struct program *p)
{
	struct str dir = p->settings->templates;

	p->app.templates = template_set_new(&p->arena, 0);
	if (dir.n > 0)
		return template_set_dir(c, p->app.templates, arena_cstr(c->arena, dir));
	return template_set_embedded(c, p->app.templates);
}

static bool open_clicks(struct ctx *c, struct program *p, enum program_use use)
{
	struct click_config config = {
		.data_dir = p->settings->data,
		.work = use == PROGRAM_SERVE ? p->app.work : NULL,
		.app = &p->app,
		.links_expected = p->settings->links,
		.strict = p->settings->strict_clicks,
		.anonymisers = p->settings->anonymisers,
	};

	p->app.clicks = click_open(c, &config);
	return p->app.clicks != NULL;
}

static void start_log(const struct settings *s)
{
	static const char *const levels[] = { "debug", "info", "warn", "error", NULL };

	log_set_level((enum log_level)names_find(levels, s->log_level));
	log_set_json(str_is(s->log_format, "json"));
}

/* Tests of the whole program move its clock with a file. */
static bool follow_clock(struct ctx *c)
{
	const char *path = getenv("PARTNERD_TEST_CLOCK_FILE");

	return !path || clock_follow(path)
	    || fail(c, ERR_STORAGE, NULL, "PARTNERD_TEST_CLOCK_FILE: there is no clock in %s", path);
}

static int64_t fail_every;
static _Atomic int64_t commits;

static bool fail_some(int64_t org_id)
{
	return org_id == 0 || (atomic_fetch_add(&commits, 1) + 1) % fail_every != 0;
}

/* And they make every n-th commit of an organisation fail. */
static bool fail_commits(struct ctx *c, struct store *s)
{
	const char *every = getenv("PARTNERD_TEST_FAIL_COMMITS");
	const char *test = getenv("PARTNERD_TEST");

	if (!every || !test || strcmp(test, "1") != 0)
		return true;
	if (!str_to_int(str_from(every), &fail_every) || fail_every < 1)
		return fail(c, ERR_INVALID, NULL,
		            "PARTNERD_TEST_FAIL_COMMITS is not a number from 1");
	store_inject_commit(s, fail_some);
	log_event(LOG_WARN, "a test makes commits fail", LOG_INT("every", fail_every));
	return true;
}

bool program_open(struct ctx *c, struct program *p, const struct settings *s, enum program_use use)
{
	*p = (struct program){ .settings = s, .lock_fd = -1 };
	arena_init(&p->arena);
	p->app.settings = s;
	p->app.secret = p->secret;
	p->app.data_dir = s->data;
	p->app.base_url = s->base_url;
	p->app.fx_url = s->fx_url;
	p->app.webhook_private = s->webhook_private;
	p->app.session_days = s->session_days;
	start_log(s);
	if (!follow_clock(c) || !make_directory(c, s->data) || !lock(c, p) || !read_secret(c, p)
	    || !open_store(c, p, use) || !fail_commits(c, p->app.store)) {
		program_close(p);
		return false;
	}
	open_work(p, use);
	if (s->base_url.n == 0 && use == PROGRAM_COMMAND)
		p->app.base_url = arena_printf(&p->arena, "http://%.*s", STR_ARG(s->listen));
	if (open_templates(c, p) && open_clicks(c, p, use))
		return true;
	program_close(p);
	return false;
}

void program_close(struct program *p)
{
	if (p->app.clicks)
		click_close(p->app.clicks, CLICKS_CLOSE_MS);
	courier_free(p->app.courier); /* it wakes jobs of the work; no job runs any more */
	if (p->app.work)
		work_stop(p->app.work);
	access_free(p->app.access);
	outbox_free(p->app.outbox);
	if (p->app.templates)
		template_set_close(p->app.templates);
	if (p->app.store)
		store_close(p->app.store);
	if (p->lock_fd >= 0)
		close(p->lock_fd);
	sodium_memzero(p->secret, sizeof(p->secret));
	arena_release(&p->arena);
}
