/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NET_HTTP_H
#define NET_HTTP_H

#include "base/buf.h"
#include "base/ctx.h"
#include "data/form.h"

/*
 * Requests and responses as the features see them; no sockets in here.
 *
 * A request lives in its own arena, which the response shares. Header values are
 * as sent, limited in size by net/server; names are matched without case.
 */

enum method {
	METHOD_GET, METHOD_HEAD, METHOD_POST, METHOD_PUT, METHOD_PATCH, METHOD_DELETE,
	METHOD_OPTIONS, /* answered for every route; none has it */
	METHOD_COUNT /* any other method; no route has it */
};

#define REQ_ARGS_MAX 4

struct req {
	struct arena *arena;
	enum method method;
	struct str path;                /* as sent, percent-encoded, without the query */
	struct str query_text;          /* after the "?", without it */
	struct str body;
	struct str args[REQ_ARGS_MAX];  /* values of :name in the route's path, decoded */
	size_t arg_count;
	struct form query;              /* decoded */
	struct form form;               /* decoded body of a form post */
	struct str request_id;          /* "req_…", also sent back as Request-Id */
	struct str host;                /* as sent, with the port; "" from HTTP/1.0 clients */
	struct str remote_ip;           /* after trusted proxies */
	bool https;                     /* what the browser speaks, by a trusted proxy's word */
	const struct req_header *headers;
	size_t header_count;
	const struct route *route;
	/* why the form was refused, when it is shown again; else NULL */
	const struct err *problem;
	void *connection;               /* net/server's own */
	void *read;                     /* what route->read made of the body; or NULL */
};

struct req_header {
	struct str name, value;
};

/* The method of a name ("GET"), case matters; METHOD_COUNT for any other. */
enum method method_find(struct str name);
const char *method_name(enum method m);

/* The value of a header (the first of several) or cookie, or the empty string. */
struct str req_header(const struct req *q, const char *name);
struct str req_cookie(const struct req *q, const char *name);

/* The media type of the body in lower case, without parameters: "application/json"; or "". */
struct str req_media(const struct req *q);

/* Does the Content-Type name another charset than UTF-8, which the body would be misread as? */
bool req_other_charset(const struct req *q);

/*
 * Decode the body into q->form if it is a form post; other bodies are left alone.
 * Fails as form_read_typed; ERR_MEDIA for another charset.
 */
bool req_read_form(struct ctx *c, struct req *q);

#define RES_HEADERS_MAX 24

struct res {
	struct arena *arena;
	int status;                     /* 0 until a handler has answered */
	struct str content_type;
	struct buf body;
	/* what a repetition by Idempotency-Key is told instead, where the body has a secret; or "" */
	struct str again;
	struct req_header headers[RES_HEADERS_MAX];
	size_t header_count;
	bool cacheable;                 /* static files: no "no-store" */
	bool bare;                      /* redirects of links: only what a redirect needs */
	const void *static_body;        /* instead of body: bytes that live for ever */
	size_t static_size;
	bool has_file;                  /* instead of body: the bytes of an open file, see res_file */
	int file;
	size_t file_size;
};

void res_init(struct res *r, struct arena *a);
size_t res_size(const struct res *r); /* of its body, wherever that is */

/*
 * Add a header; both texts must outlive the answer. Control characters in the value
 * become spaces. A header that every answer gets (see net/reply.c) is replaced by this one.
 */
void res_header(struct res *r, const char *name, struct str value);

/* Answers; they replace what was there, but for headers. */
void res_text(struct res *r, int status, struct str content_type, struct str body);
void res_json(struct res *r, int status, struct str json);

/*
 * 200 with the bytes of an open file, for answers too long for memory: sent as the receiver takes
 * them. The file belongs to the answer, which closes it.
 */
void res_file(struct res *r, struct str content_type, int fd, size_t size);
void res_redirect(struct res *r, int status, struct str location);
void res_problem(struct res *r, const struct err *e, struct str request_id, struct str path);

#endif
