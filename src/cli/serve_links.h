/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_SERVE_LINKS_H
#define CLI_SERVE_LINKS_H

#include "app.h"

/*
 * The links at the start of a server. Where the last run left them on disk, the server
 * answers at once, and a thread compares them with the databases; else all databases
 * are read before the first visitor comes.
 */

struct serve_links;

/* NULL with c->err when the databases had to be read and could not be. */
struct serve_links *serve_links_start(struct ctx *c, struct app *app);

/* Waits for the organisation that is being read. Before the program's parts go. */
void serve_links_stop(struct serve_links *l);

#endif
