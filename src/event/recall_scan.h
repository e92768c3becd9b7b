/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EVENT_RECALL_SCAN_H
#define EVENT_RECALL_SCAN_H

#include "event/recall.h"

/*
 * Reading what is stored of an event, for millions of them: the JSON that recall_print() and
 * answer_facts() write nearly always, in one pass and without a document in memory.
 *
 * Whatever is not exactly of that form (escapes, offers, rates, words of later versions) is
 * left to the JSON reader: then nothing is changed and false is returned, without an error.
 * Texts point into what was read.
 */

bool recall_scan_facts(struct arena *a, struct str facts, struct occurrence *o);

/* The event's inputs, onto what is known of it; its one credit is in c->arena. */
bool recall_scan_inputs(struct arena *a, struct str inputs, struct recall *known);

#endif
