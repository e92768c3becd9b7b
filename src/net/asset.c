/* SPDX-License-Identifier: Apache-2.0 */
#include "net/asset.h"
#include "base/check.h"
#include "base/digest.h"
#include "base/embed.h"

#include <brotli/encode.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <zlib.h>

#define FOLDER "web/"
#define ADDRESS "/assets/"
#define HASH_DIGITS 16
#define BROTLI_QUALITY 9 /* 11 takes twenty times as long for 5 % less */
#define WORTH_BYTES 200

static const struct {
	const char *ending, *type;
	bool compress;
} types[] = {
	{ ".css", "text/css; charset=utf-8", true },
	{ ".js", "text/javascript; charset=utf-8", true },
	{ ".mjs", "text/javascript; charset=utf-8", true },
	{ ".json", "application/json", true },
	{ ".map", "application/json", true },
	{ ".svg", "image/svg+xml", true },
	{ ".txt", "text/plain; charset=utf-8", true },
	{ ".html", "text/html; charset=utf-8", true },
	{ ".ico", "image/x-icon", true },
	{ ".png", "image/png", false },
	{ ".jpg", "image/jpeg", false },
	{ ".webp", "image/webp", false },
	{ ".woff2", "font/woff2", false },
	{ ".wasm", "application/wasm", true },
	{ "", "application/octet-stream", false },
};

enum coding { PLAIN, GZIP, BROTLI, CODING_COUNT };

static const struct {
	const char *name, *etag_mark;
} codings[CODING_COUNT] = { { "", "" }, { "gzip", "-gz" }, { "br", "-br" } };

struct packed {
	size_t n;
	unsigned char p[];
};

struct asset {
	struct str name, url, hash; /* "app.css", "/assets/app.HASH.css", HASH */
	const char *type;
	bool compress;
	const struct embed *file;
	_Atomic(const struct packed *) packed[CODING_COUNT];
};

/* Made once, for the life of the program. */
static struct {
	pthread_once_t once;
	struct arena arena;
	struct asset *list;
	size_t count;
	pthread_t thread;
	bool started;
	atomic_bool stop;
} assets = { .once = PTHREAD_ONCE_INIT };

/* The place of the ending: "fonts/a.b.woff2" has it at the last dot. */
static size_t ending_of(struct str name)
{
	size_t at = name.n;

	for (size_t i = 0; i < name.n; i++) {
		if (name.p[i] == '.')
			at = i;
		else if (name.p[i] == '/')
			at = name.n;
	}
	return at;
}

static void describe(struct asset *a, const struct embed *file)
{
	size_t i = 0, dot;

	a->file = file;
	a->name = str_from(file->name + sizeof(FOLDER) - 1);
	while (!str_ends(a->name, types[i].ending))
		i++;
	a->type = types[i].type;
	a->compress = types[i].compress && file->n >= WORTH_BYTES;
	a->hash = str_slice(digest_hex(&assets.arena, embed_text(file), 16), 0, HASH_DIGITS);
	dot = ending_of(a->name);
	a->url = arena_printf(&assets.arena, ADDRESS "%.*s.%.*s%.*s",
	                      STR_ARG(str_slice(a->name, 0, dot)), STR_ARG(a->hash),
	                      STR_ARG(str_slice(a->name, dot, a->name.n)));
}

static void make_list(void)
{
	const struct embed *files = embed_list(FOLDER, &assets.count);

	assets.list = ARENA_ARRAY(&assets.arena, struct asset, assets.count);
	for (size_t i = 0; i < assets.count; i++)
		describe(&assets.list[i], &files[i]);
}

static struct packed *packed_new(size_t n)
{
	struct packed *p = malloc(sizeof(*p) + n);

	CHECK(p != NULL);
	p->n = n;
	return p;
}

static struct packed *pack_gzip(const struct embed *e)
{
	z_stream z = { 0 };

	CHECK(deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 9,
	                   Z_DEFAULT_STRATEGY) == Z_OK);
	struct packed *p = packed_new(deflateBound(&z, e->n));

	z.next_in = (unsigned char *)(uintptr_t)e->p;
	z.avail_in = (unsigned)e->n;
	z.next_out = p->p;
	z.avail_out = (unsigned)p->n;
	CHECK(deflate(&z, Z_FINISH) == Z_STREAM_END);
	p->n = z.total_out;
	deflateEnd(&z);
	return p;
}

static struct packed *pack_brotli(const struct embed *e)
{
	struct packed *p = packed_new(BrotliEncoderMaxCompressedSize(e->n));

	CHECK(BrotliEncoderCompress(BROTLI_QUALITY, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT, e->n,
	                            e->p, &p->n, p->p) == BROTLI_TRUE);
	return p;
}

/* Publish a compressed form if it is smaller. */
static void offer(struct asset *a, enum coding coding, struct packed *p)
{
	if (p->n < a->file->n && !atomic_load(&a->packed[coding]))
		atomic_store(&a->packed[coding], p);
	else
		free(p);
}

static void *compress_all(void *arg)
{
	(void)arg;
	for (size_t i = 0; i < assets.count; i++) {
		struct asset *a = &assets.list[i];

		if (atomic_load(&assets.stop) || !a->compress)
			continue;
		offer(a, GZIP, pack_gzip(a->file));
		offer(a, BROTLI, pack_brotli(a->file));
	}
	return NULL;
}

void asset_start(void)
{
	pthread_once(&assets.once, make_list);
	CHECK(!assets.started);
	atomic_store(&assets.stop, false);
	CHECK(pthread_create(&assets.thread, NULL, compress_all, NULL) == 0);
	assets.started = true;
}

void asset_stop(void)
{
	atomic_store(&assets.stop, true);
	if (assets.started)
		CHECK(pthread_join(assets.thread, NULL) == 0);
	assets.started = false;
}

static struct asset *asset_find(struct str name)
{
	pthread_once(&assets.once, make_list);
	for (size_t i = 0; i < assets.count; i++) {
		if (str_eq(assets.list[i].name, name))
			return &assets.list[i];
	}
	return NULL;
}

bool asset_exists(struct str name)
{
	return asset_find(name) != NULL;
}

struct str asset_url(struct str name)
{
	const struct asset *a = asset_find(name);

	CHECK(a != NULL);
	return a->url;
}

/* Does "gzip, br;q=0" accept it? */
static bool accepts(struct str list, const char *coding)
{
	while (list.p && list.n) {
		struct str item = str_cut(&list, ',');
		struct str name = str_trim(str_cut(&item, ';'));
		struct str weight = str_trim(item);

		if (str_eq_nocase(name, str_from(coding)))
			return !str_is(weight, "q=0") && !str_is(weight, "q=0.0")
			       && !str_is(weight, "q=0.00") && !str_is(weight, "q=0.000");
	}
	return false;
}

/* Is our ETag on the list of If-None-Match? */
static bool has_tag(struct str list, struct str tag)
{
	while (list.p && list.n) {
		struct str item = str_trim(str_cut(&list, ','));

		if (str_starts(item, "W/"))
			item = str_slice(item, 2, item.n);
		if (str_is(item, "*") || str_eq(item, tag))
			return true;
	}
	return false;
}

static enum coding choose(const struct asset *a, const struct req *q)
{
	struct str list = req_header(q, "accept-encoding");

	for (enum coding k = BROTLI; k != PLAIN; k--) {
		if (atomic_load(&a->packed[k]) && accepts(list, codings[k].name))
			return k;
	}
	return PLAIN;
}

static void answer(const struct asset *a, const struct req *q, struct res *r, bool for_ever)
{
	enum coding k = choose(a, q);
	const struct packed *p = atomic_load(&a->packed[k]);
	struct str tag = arena_printf(r->arena, "\"%.*s%s\"", STR_ARG(a->hash),
	                              codings[k].etag_mark);
	bool known = has_tag(req_header(q, "if-none-match"), tag);

	res_text(r, known ? 304 : 200, str_from(a->type), STR(""));
	r->cacheable = true;
	res_header(r, "Cache-Control",
	           for_ever ? STR("public, max-age=31536000, immutable") : STR("no-cache"));
	res_header(r, "ETag", tag);
	if (a->compress)
		res_header(r, "Vary", STR("Accept-Encoding"));
	if (known)
		return;
	if (k != PLAIN)
		res_header(r, "Content-Encoding", str_from(codings[k].name));
	r->static_body = p ? (const void *)p->p : a->file->p;
	r->static_size = p ? p->n : a->file->n;
}

bool asset_send(struct ctx *c, const struct req *q, struct res *r, struct str name)
{
	const struct asset *a = asset_find(name);

	if (!a)
		return fail(c, ERR_NOT_FOUND, NULL, "There is no such file");
	answer(a, q, r, false);
	return true;
}

bool asset_serve(struct ctx *c, const struct req *q, struct res *r)
{
	struct str path = q->path;

	pthread_once(&assets.once, make_list);
	for (size_t i = 0; i < assets.count; i++) {
		if (str_eq(assets.list[i].url, path)) {
			answer(&assets.list[i], q, r, true);
			return true;
		}
	}
	if (!str_starts(path, ADDRESS))
		return fail(c, ERR_NOT_FOUND, NULL, "There is no such file");
	return asset_send(c, q, r, str_slice(path, sizeof(ADDRESS) - 1, path.n));
}
