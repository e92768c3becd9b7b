/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_ID_H
#define BASE_ID_H

#include "base/buf.h"

/*
 * Identifiers: time-ordered 63-bit integers inside, `prefix_` and 13 letters of
 * Crockford's base32 (https://www.crockford.com/base32.html, lower case) outside.
 *
 * Bits, from the top: 0, 42 of milliseconds since 2020-01-01, 7 of the node, 14
 * of a counter. Ids made by one process are strictly increasing, from any thread.
 * They are names, never secrets.
 */

/* The kinds of things with an id, in the order of id.c's table of prefixes. */
enum id_kind {
	ID_ORG, ID_USER, ID_CAMPAIGN, ID_TERMS, ID_PARTNER, ID_ENROLMENT, ID_CHANNEL, ID_LINK,
	ID_CODE, ID_CLICK, ID_CUSTOMER, ID_EVENT, ID_COMMISSION, ID_LEDGER, ID_PAYOUT, ID_RUN,
	ID_DEAL, ID_PROJECT, ID_DOCUMENT, ID_WEBHOOK, ID_KEY, ID_REQUEST, ID_WORKSPACE, ID_SESSION,
	ID_AUDIT, ID_JOB, ID_CHECKPOINT, ID_RESTATEMENT, ID_MESSAGE, ID_DELIVERY, ID_ACCOUNT,
	ID_INVITATION,
	ID_KIND_COUNT
};

#define ID_TEXT_MAX 24 /* longest text with its NUL */

/* This process's node number, 0 to 127; set once at start. */
void id_set_node(int node);

int64_t id_new(void);

/* The milliseconds since the epoch at which an id was made; and the least id made at a moment. */
int64_t id_time_ms(int64_t id);
int64_t id_at_ms(int64_t at_ms);

const char *id_prefix(enum id_kind kind); /* "prt" */

/* Write "prt_…" with its NUL; returns the length. */
size_t id_format(enum id_kind kind, int64_t id, char out[ID_TEXT_MAX]);
struct str id_str(struct arena *a, enum id_kind kind, int64_t id);

/* The integer of a text of this kind; false for any other text. Upper case is accepted. */
bool id_parse(enum id_kind kind, struct str s, int64_t *out);

#endif
