/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_SOCKET_H
#define CLI_SOCKET_H

#include "cli/cli.h"

/*
 * Commands for a running server, over a unix socket in the data directory that only
 * its owner may open (mode 0600).
 *
 * The client sends {"command", "positional", "values": {option: text}} and shuts its
 * side; the server answers {"exit", "out", "err"} and closes. One thread for each
 * connection, a few at a time; each runs its command as it would run alone.
 */

#define SOCKET_NAME "partnerd.sock"
#define SOCKET_REQUEST_MAX ((size_t)64 << 20)

struct socket_server;

/* NULL with ERR_STORAGE. The settings and the app must outlive it. */
struct socket_server *socket_listen(struct ctx *c, const struct settings_loaded *settings,
                                    struct app *app);

/* No new commands; wait for those that run. */
void socket_close(struct socket_server *s);

/*
 * Have the server on this data directory run the command: fills l->out, l->err and *out_exit.
 * False without an error when there is no server; false with one when it went away meanwhile.
 */
bool socket_run(struct ctx *c, struct cli *l, int *out_exit);

#endif
