/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_CTX_H
#define BASE_CTX_H

#include "base/arena.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * The context of one request or one job: the first argument of nearly every
 * function that can fail.
 *
 * Functions return bool. On false, c->err has been set exactly once, by whoever
 * detected the failure, through fail(). Calls chain with &&, and there is
 * nothing to clean up: memory goes with the arena, writes with the transaction.
 */

struct db;

enum err_code {
	ERR_NONE,
#define ERR(name, status, wire, retryable, title, advice) ERR_##name,
#include "base/err.def"
#undef ERR
	ERR_COUNT
};

struct err {
	enum err_code code;
	char field[64]; /* the input at fault as a JSON pointer without its first slash, or "" */
	char msg[240];  /* for a person; never parsed */
	int64_t wait_s; /* it may succeed in so many seconds; 0: not known */
};

/* Who acts. A partner is a user who acts for one partner of one organisation. */
enum actor_kind { ACTOR_NONE, ACTOR_SYSTEM, ACTOR_USER, ACTOR_KEY, ACTOR_PARTNER };

enum role { ROLE_NONE, ROLE_PARTNER, ROLE_VIEWER, ROLE_MANAGER, ROLE_ADMIN, ROLE_OWNER };

struct actor {
	enum actor_kind kind;
	enum role role;
	int64_t user_id;     /* ACTOR_USER, ACTOR_PARTNER */
	int64_t key_id;      /* ACTOR_KEY */
	int64_t partner_id;  /* ACTOR_PARTNER: the only partner whose rows it may see */
	int64_t session_id;  /* 0 but for people signed in */
	bool sees_money;
	bool sees_personal_data;
	struct str name;     /* for the audit log and the page's corner */
};

struct ctx_hook;

struct ctx {
	struct arena *arena; /* freed when the request ends */
	struct db *db;       /* the organisation's data, inside a transaction; NULL without one */
	struct db *control;  /* the control data: users, organisations, sessions, keys */
	void *app;           /* the program's long-lived parts; struct app, opaque down here */
	struct err err;      /* why the last call returned false */
	struct actor actor;
	int64_t org_id;      /* 0: none */
	int64_t now_ms;      /* one clock reading per request */
	struct str request_id;
	struct ctx_hook *hooks; /* newest first; see ctx_after_commit */
};

struct err_info {
	int status;        /* HTTP */
	const char *wire;  /* stable, snake_case: the thing to switch on */
	bool retryable;
	const char *title;
	const char *advice; /* what to do about it */
};

const struct err_info *err_info(enum err_code code);

/* Record why, and return false so that callers can write: return fail(...). field may be NULL. */
bool fail(struct ctx *c, enum err_code code, const char *field, const char *fmt, ...)
        __attribute__((format(printf, 4, 5)));

/* Put "prefix/" in front of the field of the error at hand; always false. */
bool fail_under(struct ctx *c, const char *prefix);

/* The error at hand lasts so many seconds: said in Retry-After; always false. */
bool fail_for(struct ctx *c, int64_t wait_s);

/* Forget the error at hand, after it has been dealt with. */
void fail_clear(struct ctx *c);

/*
 * Have fn(c, arg) called once what is being written is committed, on the lane's thread, before
 * anybody is told: for what is kept in memory. Not called when nothing is stored; must not fail.
 */
void ctx_after_commit(struct ctx *c, void (*fn)(struct ctx *c, void *arg), void *arg);

/* Call them, oldest first, each once. For whoever commits. */
void ctx_committed(struct ctx *c);

#endif
