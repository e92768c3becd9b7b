/* SPDX-License-Identifier: Apache-2.0 */
#include "net/loop.h"
#include "base/check.h"
#include "base/clock.h"
#include "net/reply.h"
#include "net/strict.h"

#include <arpa/inet.h>
#include <stdlib.h>

#define POOLED_MAX 256
#define DISCARD_MAX ((size_t)1 << 20)

static struct request *request_new(struct loop *l)
{
	struct request *x = l->request_pool;

	if (x) {
		l->request_pool = x->next;
		l->pooled--;
		return x;
	}
	x = malloc(sizeof(*x));
	CHECK(x != NULL);
	arena_init(&x->arena);
	return x;
}

struct request *request_take(struct loop *l)
{
	struct request *x = request_new(l);

	x->q = (struct req){ .arena = &x->arena, .headers = x->headers, .connection = x };
	x->q.request_id = (struct str){ x->id, id_format(ID_REQUEST, id_new(), x->id) };
	res_init(&x->r, &x->arena);
	buf_init(&x->body, &x->arena);
	x->loop = l;
	x->stage = STAGE_HEAD;
	x->close = false;
	x->discarded = 0;
	return x;
}

void request_give(struct loop *l, struct request *x)
{
	if (l->pooled >= POOLED_MAX) {
		arena_release(&x->arena);
		free(x);
		return;
	}
	arena_reset(&x->arena);
	x->next = l->request_pool;
	l->request_pool = x;
	l->pooled++;
}

/* Only the loop's thread counts; others read. */
static void count(_Atomic int64_t *counter, int64_t by)
{
	int64_t before = atomic_load_explicit(counter, memory_order_relaxed);

	atomic_store_explicit(counter, before + by, memory_order_relaxed);
}

void loop_count_request(struct loop *l)
{
	count(&l->requests, 1);
}

static struct conn *conn_of(struct MHD_Connection *m)
{
	const union MHD_ConnectionInfo *info =
	        MHD_get_connection_info(m, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	CHECK(info && info->socket_context);
	return info->socket_context;
}

void *exchange_line(void *loop, const char *target, struct MHD_Connection *m)
{
	struct loop *l = loop;
	struct request *x = request_take(l);

	x->conn = conn_of(m);
	x->ip = x->conn->ip;
	x->local = x->conn->local;
	x->mhd = m;
	x->target_at = target;
	x->target = arena_str(&x->arena, str_from(target));
	x->conn->request = x;
	x->conn->since_ns = l->now_ns;
	x->conn->fresh = false;
	l->busy = true;
	loop_count_request(l);
	return x;
}

void exchange_done(void *loop, struct MHD_Connection *m, void **request,
                   enum MHD_RequestTerminationCode why)
{
	struct request *x = *request;
	struct loop *l = loop;

	(void)m;
	(void)why;
	if (!x)
		return;
	CHECK(x->stage != STAGE_TAKEN);
	x->conn->request = NULL;
	x->conn->since_ns = l->now_ns;
	request_give(l, x);
	*request = NULL;
}

void loop_count_answer(struct loop *l, const struct res *r)
{
	CHECK(r->status >= 200 && r->status <= 599);
	count(&l->answers_by_class[r->status / 100], 1);
	count(&l->bytes_out, (int64_t)res_size(r));
}

static enum MHD_Result send_answer(struct request *x)
{
	struct loop *l = x->loop;
	bool close = x->close || l->stopping;

	loop_count_answer(l, &x->r);
	struct MHD_Response *m = reply_new(&x->q, &x->r, close);

	x->stage = STAGE_SENDING;
	x->conn->since_ns = l->now_ns;

	enum MHD_Result result = MHD_queue_response(x->mhd, (unsigned)x->r.status, m);

	MHD_destroy_response(m);
	return result;
}

/*
 * Answer with an error of the server itself, and close: nobody knows where the next request begins.
 */
static enum MHD_Result refuse(struct request *x, int status, const char *why)
{
	struct ctx c = { .arena = &x->arena };

	fail(&c, status == 413 ? ERR_TOO_LARGE : ERR_MALFORMED, NULL, "%s", why);
	res_problem(&x->r, &c.err, x->q.request_id, x->q.path);
	x->r.status = status;
	x->close = true;
	return send_answer(x);
}

static enum MHD_Result header_take(void *arg, enum MHD_ValueKind kind, const char *name,
                                   size_t name_n, const char *value, size_t value_n)
{
	struct request *x = arg;

	(void)kind;
	if (x->q.header_count > SERVER_HEADERS_MAX)
		return MHD_NO;
	x->headers[x->q.header_count++] = (struct req_header){
		.name = { name, name_n },
		.value = { value, value ? value_n : 0 },
	};
	return MHD_YES;
}

/* The last address in X-Forwarded-For is the one that our proxy has seen. */
static void forwarded(struct request *x)
{
	struct str list = req_header(&x->q, "x-forwarded-for");
	struct str last = { 0 };

	while (list.p)
		last = str_trim(str_cut(&list, ','));
	const char *text = arena_cstr(&x->arena, last);
	struct in6_addr address;

	if (inet_pton(AF_INET, text, &address) == 1 || inet_pton(AF_INET6, text, &address) == 1)
		x->q.remote_ip = last;
	x->q.https = str_eq_nocase(req_header(&x->q, "x-forwarded-proto"), STR("https"));
}

void request_fill(struct request *x, const struct framing *f, struct str method)
{
	const struct server_config *config = x->loop->config;
	struct req *q = &x->q;

	q->method = method_find(method);
	q->path = f->path;
	q->query_text = f->query;
	q->host = f->host;
	q->remote_ip = str_from(x->ip);
	for (size_t i = 0; i < q->header_count; i++)
		x->headers[i].value = str_trim(x->headers[i].value);
	if (config->trust_proxy && x->local)
		forwarded(x);
	x->body_max_bytes = config->body_max_bytes;
}

static enum MHD_Result head_complete(struct request *x, const char *method, const char *version)
{
	struct framing f;
	const union MHD_ConnectionInfo *info =
	        MHD_get_connection_info(x->mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);

	MHD_get_connection_values_n(x->mhd, MHD_HEADER_KIND, header_take, x);
	struct head h = {
		.method = str_from(method),
		.target = { x->target_at, x->target.n },
		.target_text = x->target,
		.version = str_from(version),
		.headers = x->headers,
		.header_count = x->q.header_count,
		.size = info ? info->header_size : 0,
	};
	int status = strict_check(&h, &f);

	if (status) {
		x->q.header_count = 0;
		return refuse(x, status, "this is not a request as RFC 9112 has it");
	}
	request_fill(x, &f, h.method);
	x->close = f.chunked;
	if ((f.body_bytes || f.chunked) && x->loop->config->body_limit)
		x->body_max_bytes = x->loop->config->body_limit(x->loop->config->arg, &x->q);
	if (f.body_bytes > x->body_max_bytes)
		return refuse(x, 413, "the body is too large");
	if (f.body_bytes)
		buf_room(&x->body, (size_t)f.body_bytes);
	x->stage = STAGE_BODY;
	return MHD_YES;
}

static enum MHD_Result body_part(struct request *x, const char *data, size_t *size)
{
	if (x->body_max_bytes - (int64_t)x->body.n >= (int64_t)*size) {
		buf_put(&x->body, data, *size);
	} else {
		/* The answer can only be sent when all has come; wait a little for that. */
		x->r.status = 413;
		x->discarded += *size;
	}
	*size = 0;
	return x->discarded > DISCARD_MAX ? MHD_NO : MHD_YES;
}

bool request_decode(struct request *x)
{
	struct ctx c = { .arena = &x->arena };

	if (x->q.query_text.n == 0 || form_read(&c, x->q.query_text, &x->q.query))
		return true;
	res_problem(&x->r, &c.err, x->q.request_id, x->q.path);
	return false;
}

static enum MHD_Result dispatch(struct request *x)
{
	const struct server_config *config = x->loop->config;

	if (x->r.status)
		return refuse(x, x->r.status, "the body is too large");
	x->q.body = buf_text(&x->body);
	if (!request_decode(x))
		return send_answer(x);
	x->stage = STAGE_TAKEN;
	if (config->on_request(config->arg, &x->q, &x->r))
		return send_answer(x);
	x->loop->taken++;
	MHD_suspend_connection(x->mhd);
	return MHD_YES;
}

enum MHD_Result exchange_step(void *loop, struct MHD_Connection *m, const char *url,
                              const char *method, const char *version, const char *data,
                              size_t *size, void **request)
{
	struct request *x = *request;

	(void)loop;
	(void)m;
	(void)url;
	switch (x->stage) {
	case STAGE_HEAD:
		return head_complete(x, method, version);
	case STAGE_BODY:
		return *size ? body_part(x, data, size) : dispatch(x);
	case STAGE_ANSWERED:
		return send_answer(x);
	default:
		return MHD_YES;
	}
}

void server_answer(struct req *q, struct res *r)
{
	struct request *x = q->connection;
	struct loop *l = x->loop;

	CHECK(x->stage == STAGE_TAKEN);
	if (r != &x->r)
		x->r = *r;

	/* Once pushed, the request may be sent and the server stopped before we have woken it. */
	atomic_fetch_add_explicit(&l->answering, 1, memory_order_relaxed);
	struct request *top = atomic_load_explicit(&l->answered, memory_order_relaxed);

	do
		x->next = top;
	while (!atomic_compare_exchange_weak_explicit(&l->answered, &top, x, memory_order_release,
	                                              memory_order_relaxed));
	if (!top)
		loop_wake(l);
	atomic_fetch_sub_explicit(&l->answering, 1, memory_order_release);
}
