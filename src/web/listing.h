/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WEB_LISTING_H
#define WEB_LISTING_H

#include "api/list.h"
#include "web/page.h"

/*
 * Lists on pages: the API's lists with the same filters in the address, in pages of
 * LISTING_ROWS, and as CSV of exactly this view.
 *
 * Under its key the view gets {rows, any, filtered, next, previous, query, tabs, choices,
 * chips, when}: rows with badges and names, the addresses of the pages beside this one or "",
 * and the filters as tabs (the first choice), selects (the others), a range of days, and
 * chips for those that came with a link from elsewhere ("Partner: Ann").
 */

#define LISTING_ROWS 50
#define LISTING_CSV_MAX 50000

struct listing_choice {
	const char *param, *label;
	const char *const *names; /* NULL: the campaigns */
	const char *noun;         /* whose badges' words are used; NULL: the names as words */
	const char *const *words; /* or NULL; what to show for each of the names instead */
};

struct listing {
	const struct list_spec *spec;
	struct list_scope scope;
	const struct listing_choice *choices;
	size_t choice_count;
	/* NULL, or adds to the row's view */
	const char *when; /* NULL, or a time to choose a range of: "occurred_at" */
	bool (*row)(struct page *p, const void *row, json_t *view);
};

bool listing_put(struct page *p, const char *key, const struct listing *l);

/* The newest few of a list for a place on another page: {rows, any, more}. */
bool listing_some(struct page *p, const char *key, const struct listing *l, int64_t most);

/* Answer with CSV; the file is called like `name`. */
bool listing_csv(struct ctx *c, const struct req *q, struct res *r, const struct list_spec *l,
                 const char *name);

/* The campaigns as [{value, text, selected}], for selects; `selected` is an id or "". */
bool listing_campaigns(struct page *p, struct str selected, json_t **out);

/* The newest partners as [{value, text}] into the view as "partners", to pick an id by name. */
bool listing_partners(struct page *p);

#endif
