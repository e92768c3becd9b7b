/* SPDX-License-Identifier: Apache-2.0 */
#include "web/assets.h"
#include "base/check.h"
#include "base/digest.h"
#include "base/embed.h"

#include <pthread.h>
#include <stdlib.h>
#include <zlib.h>

#define FILES_MAX 64
#define VERSION_LETTERS 8

struct asset {
	const struct embed *file;
	struct str type;
	unsigned char *packed; /* gzip; NULL when that saves nothing */
	size_t packed_size;
};

static const struct {
	const char *ending, *type;
} types[] = {
	{ ".css", "text/css; charset=utf-8" },
	{ ".js", "text/javascript; charset=utf-8" },
	{ ".svg", "image/svg+xml" },
	{ ".txt", "text/plain; charset=utf-8" },
	{ ".png", "image/png" },
	{ ".ico", "image/x-icon" },
	{ ".woff2", "font/woff2" },
};

static struct asset files[FILES_MAX];
static size_t file_count;
static char version[VERSION_LETTERS + 1];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static struct str type_of(struct str name)
{
	for (size_t i = 0; i < LEN(types); i++)
		if (str_ends(name, types[i].ending))
			return str_from(types[i].type);
	return STR("application/octet-stream");
}

/* windowBits 15 + 16 is zlib's way to say gzip. */
static void pack(struct asset *a)
{
	z_stream z = { 0 };
	uLong most;

	CHECK(deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 9,
	                   Z_DEFAULT_STRATEGY) == Z_OK);
	most = deflateBound(&z, (uLong)a->file->n);
	a->packed = malloc(most);
	CHECK(a->packed != NULL);
	z.next_in = (Bytef *)(uintptr_t)a->file->p;
	z.avail_in = (uInt)a->file->n;
	z.next_out = a->packed;
	z.avail_out = (uInt)most;
	CHECK(deflate(&z, Z_FINISH) == Z_STREAM_END);
	a->packed_size = z.total_out;
	deflateEnd(&z);
	if (a->packed_size >= a->file->n) {
		free(a->packed);
		a->packed = NULL;
	}
}

/* Never freed: they are needed until the program ends. */
static void open_files(void)
{
	struct arena arena;
	struct buf all;
	size_t count;
	const struct embed *e = embed_list("web/", &count);

	arena_init(&arena);
	buf_init(&all, &arena);
	for (size_t i = 0; i < count; i++) {
		struct str name = str_from(e[i].name);

		buf_str(&all, digest_hex(&arena, embed_text(&e[i]), 16));
		if (str_find(name, '/', sizeof("web/") - 1) != SIZE_MAX)
			continue;
		CHECK(file_count < FILES_MAX);
		files[file_count] = (struct asset){ .file = &e[i], .type = type_of(name) };
		pack(&files[file_count++]);
	}
	memcpy(version, digest_hex(&arena, buf_text(&all), 16).p, VERSION_LETTERS);
	arena_release(&arena);
}

struct str assets_version(void)
{
	pthread_once(&once, open_files);
	return str_from(version);
}

static const struct asset *find(struct str name)
{
	for (size_t i = 0; i < file_count; i++)
		if (str_is(name, files[i].file->name + sizeof("web/") - 1))
			return &files[i];
	return NULL;
}

static bool takes_gzip(const struct req *q)
{
	struct str rest = req_header(q, "accept-encoding");

	while (rest.p) {
		struct str part = str_trim(str_cut(&rest, ','));

		if (str_is(part, "gzip") || (str_starts(part, "gzip;") && !str_ends(part, "q=0")))
			return true;
	}
	return false;
}

static void put_body(const struct asset *a, const struct req *q, struct res *r)
{
	bool packed = a->packed && takes_gzip(q);

	r->status = 200;
	r->content_type = a->type;
	r->static_body = packed ? a->packed : a->file->p;
	r->static_size = packed ? a->packed_size : a->file->n;
	if (packed)
		res_header(r, "Content-Encoding", STR("gzip"));
}

bool assets_web(struct ctx *c, const struct req *q, struct res *r)
{
	const struct asset *a;
	struct str tag;

	pthread_once(&once, open_files);
	a = find(q->args[0]);
	if (!a)
		return fail(c, ERR_NOT_FOUND, NULL, "There is no such file");
	tag = arena_printf(r->arena, "W/\"%s\"", version);
	r->cacheable = true;
	res_header(r, "ETag", tag);
	res_header(r, "Vary", STR("Accept-Encoding"));
	if (str_is(form_get(&q->query, "v"), version))
		res_header(r, "Cache-Control", STR("public, max-age=31536000, immutable"));
	else
		res_header(r, "Cache-Control", STR("no-cache"));
	if (!str_eq(req_header(q, "if-none-match"), tag)) {
		put_body(a, q, r);
		return true;
	}
	r->status = 304;
	return true;
}
