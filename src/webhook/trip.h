/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WEBHOOK_TRIP_H
#define WEBHOOK_TRIP_H

#include "webhook/courier.h"

#include <curl/curl.h>

/*
 * One trip of the courier: the request, what is seen of the answer, the receipt. Private to
 * the courier, whose thread alone touches it between trip_begin and trip_end.
 */
struct trip {
	struct arena arena;    /* of all its texts */
	struct parcel parcel;
	struct receipt receipt;
	bool private;
	bool refused;          /* an address was not public */
	bool cut;              /* the answer was longer than we read */
	int64_t began_ns;
	struct buf answer;
	CURL *easy;
	struct curl_slist *headers;
	struct trip *next;
};

/* A copy of the parcel. */
struct trip *trip_new(const struct parcel *p);
void trip_free(struct trip *t);

/* Set up the request. */
void trip_begin(struct trip *t, const struct courier_config *config);

/* It is over: fill the receipt, release the request. */
void trip_end(struct trip *t, CURLcode code);

#endif
