/* SPDX-License-Identifier: Apache-2.0 */
#include "data/template_program.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/embed.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Sets of templates: where they come from, how they find each other, pages in frames. */

#define EMBED_PREFIX "templates/"
#define FILE_BYTES_MAX (1024 * 1024)
#define LOOK_EVERY_NS 500000000LL

/* All templates at one time. Only read once it is the set's current one. */
struct version {
	struct arena *arena;
	struct arena own;        /* of versions read from a directory */
	struct template **list;
	size_t count, cap;
	struct err err;          /* why this version cannot be used */
	uint64_t signature;      /* of the files it was read from */
	struct version *older;
};

struct template_set {
	struct arena *arena;
	unsigned flags;
	_Atomic(struct version *) current;
	const char *dir;         /* NULL without */
	pthread_mutex_t reading; /* held by the thread that reads the directory */
	_Atomic int64_t next_look_ns;
};

struct template_set *template_set_new(struct arena *a, unsigned flags)
{
	struct template_set *s = ARENA_NEW(a, struct template_set);
	struct version *v = ARENA_NEW(a, struct version);

	v->arena = a;
	s->arena = a;
	s->flags = flags;
	atomic_store(&s->current, v);
	CHECK(pthread_mutex_init(&s->reading, NULL) == 0);
	return s;
}

static struct template *find(const struct version *v, struct str name)
{
	for (size_t i = 0; i < v->count; i++)
		if (str_eq(v->list[i]->name, name))
			return v->list[i];
	return NULL;
}

/* The ending with its dot, or empty. */
static struct str ending(struct str name)
{
	size_t i = name.n;

	while (i > 0 && name.p[i - 1] != '.' && name.p[i - 1] != '/')
		i--;
	return i > 0 && name.p[i - 1] == '.' ? str_slice(name, i - 1, name.n) : (struct str){ NULL, 0 };
}

/* Point every partial that exists to its template; *out_missing is one that does not. */
static void link_all(struct ctx *c, struct version *v, const struct template **out_missing)
{
	*out_missing = NULL;
	for (size_t i = 0; i < v->count; i++) {
		const struct template *t = v->list[i];
		struct str end = ending(t->name);

		for (size_t k = 0; k < t->op_count; k++) {
			struct op *op = &t->ops[k];

			if (op->kind != OP_PARTIAL || op->partial)
				continue;
			op->partial = find(v, arena_printf(c->arena, "%.*s%.*s", STR_ARG(op->text),
			                                   STR_ARG(end)));
			if (!op->partial)
				*out_missing = t;
		}
	}
}

static bool check_links(struct ctx *c, struct version *v)
{
	const struct template *t;

	link_all(c, v, &t);
	for (size_t k = 0; t && k < t->op_count; k++)
		if (t->ops[k].kind == OP_PARTIAL && !t->ops[k].partial)
			return fail(c, ERR_INTERNAL, NULL,
			            "%.*s, line %d: there is no partial \"%.*s\"",
			            STR_ARG(t->name), t->ops[k].line, STR_ARG(t->ops[k].text));
	return true;
}

static struct template *add_slot(struct version *v)
{
	if (v->count == v->cap) {
		size_t cap = v->cap ? v->cap * 2 : 64;
		struct template **list = ARENA_ARRAY(v->arena, struct template *, cap);

		if (v->count)
			memcpy(list, v->list, v->count * sizeof(*list));
		v->list = list;
		v->cap = cap;
	}
	v->list[v->count] = ARENA_NEW(v->arena, struct template);
	return v->list[v->count++];
}

static bool add(struct ctx *c, struct version *v, unsigned flags, struct template_source *src)
{
	struct template parsed, *t = find(v, src->name);

	src->arena = v->arena;
	src->kind = TEMPLATE_KIND_TEXT;
	if (str_ends(src->name, ".html"))
		src->kind = TEMPLATE_KIND_HTML;
	if (flags & TEMPLATE_BARE)
		src->kind = TEMPLATE_KIND_BARE;
	if (!template_parse(c, src, &parsed))
		return false;
	if (!t)
		t = add_slot(v);
	*t = parsed;
	return true;
}

bool template_set_add(struct ctx *c, struct template_set *s, struct str name, struct str text)
{
	struct version *v = atomic_load(&s->current);
	struct template_source src = { .name = arena_str(v->arena, name),
		                       .text = arena_str(v->arena, text) };
	const struct template *missing;

	CHECK(!s->dir);
	if (!add(c, v, s->flags, &src))
		return false;
	link_all(c, v, &missing);
	return true;
}

bool template_set_embedded(struct ctx *c, struct template_set *s)
{
	struct version *v = atomic_load(&s->current);
	size_t count;
	const struct embed *files = embed_list(EMBED_PREFIX, &count);

	CHECK(!s->dir);
	for (size_t i = 0; i < count; i++) {
		struct template_source src = { .name = str_from(files[i].name + strlen(EMBED_PREFIX)),
			                       .text = embed_text(&files[i]) };

		if (!add(c, v, s->flags, &src))
			return false;
	}
	return check_links(c, v);
}

/* Call fn for each template file below the directory; false if fn says so or it cannot be read. */
typedef bool (*file_fn)(struct ctx *c, void *arg, struct str name, const FTSENT *file);

static bool each_file(struct ctx *c, const char *dir, file_fn fn, void *arg)
{
	char *paths[] = { (char *)(uintptr_t)dir, NULL };
	FTS *tree = fts_open(paths, FTS_LOGICAL | FTS_NOCHDIR, NULL);
	size_t skip = strlen(dir) + 1;
	bool ok = true;

	if (!tree)
		return fail(c, ERR_INTERNAL, NULL, "%s: %s", dir, strerror(errno));
	for (FTSENT *e; ok && (e = fts_read(tree));) {
		struct str path = { e->fts_path, e->fts_pathlen };
		bool wanted = str_ends(path, ".html") || str_ends(path, ".txt");

		if (e->fts_info == FTS_ERR || e->fts_info == FTS_DNR || e->fts_info == FTS_NS)
			ok = fail(c, ERR_INTERNAL, NULL, "%s: %s", e->fts_path,
			          strerror(e->fts_errno));
		else if (e->fts_info == FTS_F && wanted)
			ok = fn(c, arg, str_slice(path, skip, path.n), e);
	}
	fts_close(tree);
	return ok;
}

static bool sign_file(struct ctx *c, void *arg, struct str name, const FTSENT *file)
{
	const struct stat *st = file->fts_statp;
	uint64_t *signature = arg;

	(void)c;
	*signature += (str_hash(name) ^ (uint64_t)st->st_mtim.tv_nsec) * 31
	            + (uint64_t)st->st_mtim.tv_sec * 1000003 + (uint64_t)st->st_size;
	return true;
}

static bool read_whole(struct ctx *c, struct arena *a, const FTSENT *file, struct str *out)
{
	int fd = open(file->fts_accpath, O_RDONLY | O_CLOEXEC);
	size_t size = (size_t)file->fts_statp->st_size;

	if (fd < 0)
		return fail(c, ERR_INTERNAL, NULL, "%s: %s", file->fts_path, strerror(errno));
	if (size > FILE_BYTES_MAX) {
		close(fd);
		return fail(c, ERR_INTERNAL, NULL, "%s is too large", file->fts_path);
	}
	char *p = arena_alloc(a, size + 1);
	ssize_t n = read(fd, p, size);

	close(fd);
	if (n < 0)
		return fail(c, ERR_INTERNAL, NULL, "%s: %s", file->fts_path, strerror(errno));
	*out = (struct str){ p, (size_t)n };
	return true;
}

struct reading {
	struct version *version;
	unsigned flags;
};

static bool read_file(struct ctx *c, void *arg, struct str name, const FTSENT *file)
{
	struct reading *r = arg;
	struct template_source src = { .name = arena_str(r->version->arena, name) };

	return read_whole(c, r->version->arena, file, &src.text)
	    && add(c, r->version, r->flags, &src);
}

static bool read_version(struct ctx *c, struct template_set *s, uint64_t signature)
{
	struct version *v = calloc(1, sizeof(*v));
	struct reading r = { v, s->flags };

	CHECK(v != NULL);
	arena_init(&v->own);
	v->arena = &v->own;
	v->signature = signature;
	v->older = atomic_load(&s->current);
	bool ok = each_file(c, s->dir, read_file, &r) && check_links(c, v);

	if (!ok)
		v->err = c->err;
	atomic_store(&s->current, v);
	return ok;
}

bool template_set_dir(struct ctx *c, struct template_set *s, const char *path)
{
	uint64_t signature = 0;
	size_t n = strlen(path);

	CHECK(!s->dir);
	while (n > 1 && path[n - 1] == '/')
		n--;
	s->dir = arena_cstr(s->arena, (struct str){ path, n });
	return each_file(c, s->dir, sign_file, &signature) && read_version(c, s, signature);
}

void template_set_close(struct template_set *s)
{
	struct version *v = atomic_load(&s->current);

	while (v && v->older) {
		struct version *older = v->older;

		arena_release(&v->own);
		free(v);
		v = older;
	}
	atomic_store(&s->current, v);
	pthread_mutex_destroy(&s->reading);
}

/* What to render from; reads the directory again if it is time to and it has changed. */
static const struct version *current(struct ctx *c, struct template_set *s)
{
	struct version *v = atomic_load(&s->current);
	int64_t now = s->dir ? clock_mono_ns() : 0;
	struct err before = c->err; /* an error page may be about to show it */
	uint64_t signature = 0;

	if (!s->dir || now < atomic_load(&s->next_look_ns)
	    || pthread_mutex_trylock(&s->reading) != 0)
		return v;
	atomic_store(&s->next_look_ns, now + LOOK_EVERY_NS);
	v = atomic_load(&s->current);
	if (each_file(c, s->dir, sign_file, &signature) && signature != v->signature)
		read_version(c, s, signature);
	c->err = before;
	pthread_mutex_unlock(&s->reading);
	return atomic_load(&s->current);
}

bool template_exists(struct template_set *s, struct str name)
{
	return find(atomic_load(&s->current), name) != NULL;
}

static bool get(struct ctx *c, struct template_set *s, struct str name,
                const struct template **out)
{
	const struct version *v = current(c, s);

	if (v->err.code != ERR_NONE) {
		c->err = v->err;
		return false;
	}
	*out = find(v, name);
	return *out || fail(c, ERR_INTERNAL, NULL, "There is no template \"%.*s\"", STR_ARG(name));
}

bool template_render(struct ctx *c, struct template_set *s, const char *name, const json_t *view,
                     struct buf *out)
{
	struct template_run run = { .view = view, .flags = s->flags, .out = out };

	return get(c, s, str_from(name), &run.template) && template_run(c, &run);
}

/* _frame.html in the folder of the page or, going up, the next one that has it. */
static bool get_frame(struct ctx *c, struct template_set *s, struct str page,
                      const struct template **out)
{
	while (page.n > 0) {
		while (page.n > 0 && page.p[page.n - 1] != '/')
			page.n--;
		struct str name = arena_printf(c->arena, "%.*s_frame.html", STR_ARG(page));

		if (page.n == 0 || template_exists(s, name))
			return get(c, s, name, out);
		page.n--;
	}
	return get(c, s, STR("_frame.html"), out);
}

bool template_page(struct ctx *c, struct template_set *s, const char *name, const json_t *view,
                   struct buf *out)
{
	struct buf body;
	struct str content;
	struct template_run page = { .view = view, .flags = s->flags, .out = &body };
	struct template_run frame = { .view = view, .flags = s->flags, .out = out };

	buf_init(&body, c->arena);
	if (!get(c, s, str_from(name), &page.template) || !template_run(c, &page))
		return false;
	content = buf_text(&body);
	frame.content = &content;
	return get_frame(c, s, str_from(name), &frame.template) && template_run(c, &frame);
}
