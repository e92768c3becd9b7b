/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WEB_PAGE_H
#define WEB_PAGE_H

#include "data/form.h"
#include "net/http.h"
#include "org/org.h"

#include <jansson.h>

/*
 * A page of the operators: what its template sees, and the frame around it.
 *
 *	struct page p;
 *
 *	return page_open(&p, c, q, r)
 *	    && partner_get(c, id, &partner)
 *	    && page_put(&p, "partner", &partner_model, &partner)
 *	    && page_show(&p, "app/partner.html", partner.name);
 *
 * The view has, for every page: title, v (for /assets/…?v=), csrf, root ("/app/acme"),
 * org, orgs and spaces (the switcher), nav, user, can (manage, admin, owner, money,
 * personal), timezone, flash, and problem when a form was refused. A page without an
 * organisation in its path has no org, root and nav.
 *
 * All of it lives in c->arena. Works in READ and WRITE (c->control is open for reading)
 * and in the CONTROL modes.
 */

struct page {
	struct ctx *c;
	const struct req *q;
	struct res *r;
	json_t *view;
	struct org org;   /* id 0: none */
	struct str base;  /* "/app/acme", or "" */
};

bool page_open(struct page *p, struct ctx *c, const struct req *q, struct res *r);

/* A page outside of everything, for whoever comes: title, v, csrf, user, problem; always works. */
void page_open_bare(struct page *p, struct ctx *c, const struct req *q, struct res *r);

/* Render the template in its frame. The nav item of the page is the one whose path begins it. */
bool page_show(struct page *p, const char *template, struct str title);

/*
 * The row as the API would answer it, with a `badge` for its status. page_row's belongs to the
 * caller.
 */
json_t *page_row(struct page *p, const struct model *m, const void *row);
bool page_put(struct page *p, const char *key, const struct model *m, const void *row);

/* "/app/acme/partners/prt_…": base, section and id. */
struct str page_path(struct page *p, const char *section, enum id_kind kind, int64_t id);

/* The id in the path behind the organisation. ERR_NOT_FOUND. */
bool page_arg_id(struct ctx *c, const struct req *q, enum id_kind kind, int64_t *out);

/*
 * After a form was carried out: 303 to a path below the organisation ("/partners/prt_…"), and a
 * word of flash.c's table to say there.
 */
bool page_done(struct ctx *c, const struct req *q, struct res *r, struct str path,
               const char *flash);

/* The text the form sent, for handlers that take few values. Trimmed. */
struct str page_text(const struct req *q, const char *name);

/* What the form says of a new row, as form_json; what was left empty is left out. */
bool page_new(struct ctx *c, const struct req *q, const struct model *m, json_t **out);

/* A view for pages outside of everything (signing in, errors): title and v. */
json_t *page_bare(struct ctx *c, struct str title);

#endif
