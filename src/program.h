/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROGRAM_H
#define PROGRAM_H

#include "app.h"
#include "settings.h"

/*
 * The program's parts, opened in order and closed in the other: data directory and
 * its lock, secret, store, work, memory of who is who, clicks. The server opens it
 * for as long as it runs; a command that runs alone, for itself.
 */
struct program {
	struct arena arena;  /* lives as long as the program */
	struct app app;
	const struct settings *settings;
	unsigned char secret[32];
	int lock_fd;
};

enum program_use {
	PROGRAM_SERVE,   /* with workers and memory */
	PROGRAM_COMMAND, /* tasks run on the calling thread */
};

/*
 * False with ERR_CONFLICT when another process has the data directory, ERR_STORAGE when it cannot
 * be used. Then nothing is left open.
 */
bool program_open(struct ctx *c, struct program *p, const struct settings *s, enum program_use use);
void program_close(struct program *p);

/* A context of the program itself, in this arena. */
struct ctx program_ctx(struct program *p, struct arena *a);

#endif
