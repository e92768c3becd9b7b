/* SPDX-License-Identifier: Apache-2.0 */
#include "db/migrate.h"
#include "base/embed.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define MIGRATIONS_MAX 999

struct source {
	struct str file; /* "0001_start.sql" */
	struct str text;
};

struct parse {
	struct buf text[MIGRATE_PARTS];
	enum sql_dialect dialect;
	int part;    /* -1: before the first section */
	bool wanted; /* false inside the other dialect's block */
};

static void put_line(struct parse *p, struct str line)
{
	static const struct str clustered = STR_INIT("@clustered");
	struct buf *out = &p->text[p->part];
	size_t i = 0;

	while (i < line.n) {
		if (str_starts(str_slice(line, i, line.n), clustered.p)) {
			buf_puts(out, p->dialect == SQL_SQLITE ? "WITHOUT ROWID" : "");
			i += clustered.n;
		} else {
			buf_char(out, line.p[i++]);
		}
	}
	buf_char(out, '\n');
}

/* A line that begins a section or a block. */
static bool take_marker(struct parse *p, struct str line)
{
	if (str_is(line, "-- control") || str_is(line, "-- organisation")) {
		p->part = str_is(line, "-- control") ? MIGRATE_CONTROL : MIGRATE_ORG;
		p->wanted = true;
	} else if (str_is(line, "-- any")) {
		p->wanted = true;
	} else if (str_is(line, "-- sqlite")) {
		p->wanted = p->dialect == SQL_SQLITE;
	} else if (str_is(line, "-- postgres")) {
		p->wanted = p->dialect == SQL_POSTGRES;
	} else {
		return false;
	}
	return true;
}

static bool is_comment(struct str line)
{
	return line.n == 0 || str_starts(line, "--");
}

static bool parse_text(struct ctx *c, struct parse *p, struct str text, const char *file)
{
	while (text.p && text.n > 0) {
		struct str raw = str_cut(&text, '\n'), line = str_trim(raw);

		if (take_marker(p, line))
			continue;
		if (p->part >= 0) {
			if (p->wanted && !is_comment(line))
				put_line(p, raw);
		} else if (!is_comment(line)) {
			return fail(c, ERR_INTERNAL, NULL, "%s: SQL before the first section",
			            file);
		}
	}
	return true;
}

/* "0001_start.sql": the number and the name. */
static bool parse_name(struct str file, struct migration *out)
{
	if (!str_ends(file, ".sql") || file.n < sizeof("0001_x.sql") - 1 || file.p[4] != '_')
		return false;
	for (size_t i = 0; i < 4; i++)
		if (file.p[i] < '0' || file.p[i] > '9')
			return false;
	out->number = (file.p[0] - '0') * 1000 + (file.p[1] - '0') * 100 + (file.p[2] - '0') * 10
	            + (file.p[3] - '0');
	out->name = str_slice(file, 5, file.n - 9);
	return true;
}

static int by_name(const void *a, const void *b)
{
	return str_cmp(((const struct source *)a)->file, ((const struct source *)b)->file);
}

static bool read_file(struct ctx *c, struct arena *a, int folder, const char *name, struct str *out)
{
	struct stat st;
	size_t got = 0;
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) != 0) {
		if (fd >= 0)
			close(fd);
		return fail(c, ERR_STORAGE, NULL, "The migration %s cannot be read", name);
	}
	size_t size = (size_t)st.st_size;
	char *p = arena_alloc(a, size + 1);

	while (got < size) {
		ssize_t n = read(fd, p + got, size - got);

		if (n <= 0)
			break;
		got += (size_t)n;
	}
	close(fd);
	*out = (struct str){ p, got };
	return got == size || fail(c, ERR_STORAGE, NULL, "The migration %s cannot be read", name);
}

static bool list_folder(struct ctx *c, struct arena *a, struct str path, struct source *list,
                        size_t *out_count)
{
	DIR *dir = opendir(arena_cstr(a, path));
	struct migration ignored;
	struct dirent *e;
	size_t n = 0;
	bool ok = true;

	if (!dir)
		return fail(c, ERR_STORAGE, NULL, "The folder of migrations cannot be read");
	while (ok && n < MIGRATIONS_MAX && (e = readdir(dir)) != NULL) {
		if (!parse_name(str_from(e->d_name), &ignored))
			continue;
		list[n].file = arena_str(a, str_from(e->d_name));
		ok = read_file(c, a, dirfd(dir), e->d_name, &list[n].text);
		n++;
	}
	closedir(dir);
	qsort(list, n, sizeof(*list), by_name);
	*out_count = n;
	return ok;
}

static size_t list_embedded(struct source *list)
{
	static const char prefix[] = "migrations/";
	struct migration ignored;
	size_t count, n = 0;
	const struct embed *e = embed_list(prefix, &count);

	for (size_t i = 0; i < count && n < MIGRATIONS_MAX; i++) {
		struct str file = str_from(e[i].name + sizeof(prefix) - 1);

		if (parse_name(file, &ignored))
			list[n++] = (struct source){ file, { (const char *)e[i].p, e[i].n } };
	}
	return n;
}

static bool parse_one(struct ctx *c, struct arena *a, const struct source *from,
                      enum sql_dialect dialect, struct migration *out)
{
	struct parse p = { .dialect = dialect, .part = -1, .wanted = true };
	const char *file = arena_cstr(a, from->file);

	for (int i = 0; i < MIGRATE_PARTS; i++)
		buf_init(&p.text[i], a);
	if (!parse_name(from->file, out) || !parse_text(c, &p, from->text, file))
		return false;
	for (int i = 0; i < MIGRATE_PARTS; i++)
		out->text[i] = buf_text(&p.text[i]).p;
	return true;
}

bool migrations_load(struct ctx *c, struct arena *arena, struct str dir, enum sql_dialect dialect,
                     struct migrations *out)
{
	struct source *list = ARENA_ARRAY(arena, struct source, MIGRATIONS_MAX);
	size_t count = 0;

	if (dir.n == 0)
		count = list_embedded(list);
	else if (!list_folder(c, arena, dir, list, &count))
		return false;
	out->items = ARENA_ARRAY(arena, struct migration, count);
	out->count = count;
	for (size_t i = 0; i < count; i++) {
		if (!parse_one(c, arena, &list[i], dialect, &out->items[i]))
			return false;
		if (out->items[i].number != (int64_t)i + 1)
			return fail(c, ERR_INTERNAL, NULL, "Migration %zu is missing", i + 1);
	}
	return true;
}
