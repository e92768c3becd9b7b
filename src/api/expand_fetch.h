/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_EXPAND_FETCH_H
#define API_EXPAND_FETCH_H

#include "api/expand.h"

/*
 * The rows that a step of expanding needs, by ids, a few dozen with each statement. Private to api/.
 *
 * First say which ids are wanted, then fetch; the objects belong to c->arena.
 */
struct fetched {
	const struct expansion *row;
	int64_t *ids;           /* wanted: of the objects, or of those that they belong to */
	size_t id_count, id_room;
	struct found {
		int64_t key;    /* the id above that it was found by */
		json_t *object;
	} *found;
	size_t count, room;
};

/* Want the id that this value is; anything else is not wanted. */
void fetched_want(struct ctx *c, struct fetched *f, const json_t *id);

/* ERR_INVALID on "expand" when there is more than EXPAND_ROWS_MAX. */
bool fetched_read(struct ctx *c, struct fetched *f);

/* The object of an id, or NULL; all objects that belong to one, as a new list. */
json_t *fetched_object(const struct fetched *f, const json_t *id);
json_t *fetched_list(const struct fetched *f, const json_t *id);

#endif
