/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_H
#define APP_H

#include "base/ctx.h"

/*
 * The program's long-lived parts, made once by main.c and reached through
 * ctx->app. Features read it; only main.c writes it.
 */

struct store;
struct work;
struct settings;
struct template_set;
struct clicks;
struct access;
struct schedule;
struct server;
struct dispatch;
struct outbox;
struct courier;

struct app {
	const struct settings *settings;
	struct store *store;
	struct work *work;
	struct template_set *templates;
	struct clicks *clicks;
	struct access *access;     /* who is who, kept in memory */
	struct schedule *schedule; /* NULL in a command that runs alone */
	struct server *server;     /* NULL likewise */
	struct dispatch *dispatch; /* NULL likewise */
	int64_t session_days;      /* how long somebody stays signed in */
	/* 32 bytes of the data directory: seals secrets, binds forms */
	const unsigned char *secret;
	struct str data_dir;       /* the data directory */
	/* "https://partners.example.com", without the slash at the end */
	struct str base_url;
	struct outbox *outbox;     /* NULL: nobody is told anything */
	struct courier *courier;   /* carries webhooks */
	bool webhook_private;      /* webhooks may go to http:// and into the own network */
	struct str fx_url; /* where exchange rates are fetched; "": nowhere */
};

static inline struct app *app_of(const struct ctx *c)
{
	return c->app;
}

#endif
