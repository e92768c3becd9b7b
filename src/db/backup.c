/* SPDX-License-Identifier: Apache-2.0 */
#include "db/backup.h"
#include "base/check.h"
#include "base/clock.h"
#include "db/unfinished.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECRET_MAX 4096

void backup_folder(int64_t org_id, char out[TAR_NAME_MAX])
{
	char id[ID_TEXT_MAX];

	id_format(ID_ORG, org_id, id);
	snprintf(out, TAR_NAME_MAX, "org/%s/", id);
}

int64_t backup_parse_folder(const char *path)
{
	struct str s = str_from(path);
	int64_t id;

	if (!str_starts(s, "org/") || !str_ends(s, "/"))
		return 0;
	return id_parse(ID_ORG, str_slice(s, 4, s.n - 5), &id) ? id : 0;
}

void backup_path(const struct backup_table *t, char out[TAR_NAME_MAX])
{
	char id[ID_TEXT_MAX];

	if (t->org_id == 0) {
		snprintf(out, TAR_NAME_MAX, "control/%s.tsv", t->name);
		return;
	}
	id_format(ID_ORG, t->org_id, id);
	snprintf(out, TAR_NAME_MAX, "org/%s/%s.tsv", id, t->name);
}

/* Names of tables are used in SQL: nothing but lower-case letters, digits and underscores. */
static bool is_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!(s.p[i] >= 'a' && s.p[i] <= 'z') && !(s.p[i] >= '0' && s.p[i] <= '9')
		    && s.p[i] != '_')
			return false;
	return s.n > 0 && s.n < sizeof(((struct backup_table *)0)->name);
}

bool backup_parse_path(const char *path, struct backup_table *out)
{
	struct str rest = str_from(path);
	struct str part = str_cut(&rest, '/');

	*out = (struct backup_table){ 0 };
	if (str_is(part, "org")) {
		if (!id_parse(ID_ORG, str_cut(&rest, '/'), &out->org_id))
			return false;
	} else if (!str_is(part, "control")) {
		return false;
	}
	if (!str_ends(rest, ".tsv"))
		return false;
	rest = str_slice(rest, 0, rest.n - 4);
	if (!is_name(rest))
		return false;
	memcpy(out->name, rest.p, rest.n);
	return true;
}

static bool write_text(struct ctx *c, struct tar *t, const char *name, struct str text)
{
	return tar_begin(c, t, name) && tar_write(c, t, text.p, text.n) && tar_end(c, t);
}

static const char *secret_path(struct ctx *c, struct str data_dir)
{
	return arena_printf(c->arena, "%.*s/" BACKUP_SECRET, STR_ARG(data_dir)).p;
}

static bool write_secret(struct ctx *c, const struct store *s, struct tar *t)
{
	char text[SECRET_MAX];
	FILE *f = fopen(secret_path(c, s->data_dir), "rbe");
	size_t n;

	if (!f)
		return errno == ENOENT || fail(c, ERR_STORAGE, NULL, "The server's key cannot be read");
	n = fread(text, 1, sizeof(text), f);
	fclose(f);
	return write_text(c, t, BACKUP_SECRET, (struct str){ text, n });
}

static const struct backup_driver *driver_of(bool is_postgres)
{
	return is_postgres ? &postgres_backup : &sqlite_backup;
}

bool store_backup(struct store *s, struct ctx *c, struct str to_file)
{
	struct tar *t = tar_create(c, to_file);
	char at[CLOCK_TEXT_MAX];
	struct str about;
	bool ok;

	if (!t)
		return false;
	time_format(clock_now_ms(), at);
	about = arena_printf(c->arena, BACKUP_VERSION "\nmigration %zu\nmade %s\n",
	                     s->migration_count, at);
	ok = write_text(c, t, "about", about) && write_secret(c, s, t)
	  && driver_of(s->is_postgres)->dump(s, c, t) && tar_finish(c, t);
	tar_free(t);
	return ok;
}

static bool not_ours(struct ctx *c)
{
	return fail(c, ERR_INVALID, NULL, "This is not a backup that this version can read");
}

static bool read_about(struct ctx *c, struct tar *t, int64_t *out_migration)
{
	struct tar_entry e;
	struct str line;
	bool more;

	if (!tar_next(c, t, &e, &more))
		return false;
	if (!more || strcmp(e.name, "about") != 0)
		return not_ours(c);
	if (!tar_line(c, t, &line, &more))
		return false;
	if (!more || !str_is(line, BACKUP_VERSION))
		return not_ours(c);
	if (!tar_line(c, t, &line, &more))
		return false;
	if (!more || !str_starts(line, "migration ")
	    || !str_to_int(str_slice(line, 10, line.n), out_migration) || *out_migration < 1)
		return not_ours(c);
	return true;
}

/* The key goes where the server looks for it; another one there is an error. */
static bool restore_secret(struct ctx *c, struct str data_dir, struct tar *t)
{
	char text[SECRET_MAX];
	size_t n;
	int fd;
	bool ok;

	if (!tar_read(c, t, text, sizeof(text), &n))
		return false;
	/* if it is there already, so much the better */
	mkdir(arena_cstr(c->arena, data_dir), 0700);
	fd = open(secret_path(c, data_dir), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return fail(c, errno == EEXIST ? ERR_CONFLICT : ERR_STORAGE, NULL,
		            "The server's key cannot be written: %s", strerror(errno));
	ok = write(fd, text, n) == (ssize_t)n && fsync(fd) == 0;
	ok = close(fd) == 0 && ok;
	return ok || fail(c, ERR_STORAGE, NULL, "The server's key cannot be written");
}

static bool load_entry(struct ctx *c, struct store *s, struct tar *t, const struct tar_entry *e)
{
	const struct backup_driver *d = driver_of(s->is_postgres);
	struct backup_table table;
	int64_t org_id = e->folder ? backup_parse_folder(e->name) : 0;

	if (org_id != 0)
		return d->org(s, c, org_id);
	if (strcmp(e->name, TAR_CHECKSUMS) == 0)
		return true;
	if (strcmp(e->name, BACKUP_SECRET) == 0)
		return restore_secret(c, s->data_dir, t);
	if (!backup_parse_path(e->name, &table))
		return not_ours(c);
	return d->table(s, c, &table, t);
}

static bool load(struct ctx *c, struct store *s, struct tar *t)
{
	struct tar_entry e;
	bool more = true;

	while (more) {
		if (!tar_next(c, t, &e, &more))
			return false;
		if (more && !load_entry(c, s, t, &e))
			return false;
	}
	return true;
}

static bool restore_from(struct ctx *c, const struct store_config *config, struct tar *t)
{
	const struct backup_driver *d = driver_of(config->database_url.n > 0);
	int64_t migration;
	struct store *s;
	struct err e;
	bool ok, ended;

	if (!tar_verify(c, t) || !tar_rewind(c, t) || !read_about(c, t, &migration))
		return false;
	s = d->begin(c, config, (size_t)migration);
	if (!s)
		return false;
	ok = unfinished_begin(c, config->data_dir) && load(c, s, t);
	e = c->err;
	ended = d->end(s, c, ok);
	if (!ended && ok)
		e = c->err;
	ok = unfinished_end(c, config->data_dir) && ended && ok;
	if (e.code != ERR_NONE)
		c->err = e;
	return ok;
}

bool store_restore(struct ctx *c, const struct store_config *config, struct str from_file)
{
	struct tar *t = tar_open(c, from_file);
	bool ok = t && restore_from(c, config, t);

	tar_free(t);
	return ok;
}
