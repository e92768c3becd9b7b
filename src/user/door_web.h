/* SPDX-License-Identifier: Apache-2.0 */
#ifndef USER_DOOR_WEB_H
#define USER_DOOR_WEB_H

#include "net/http.h"

/*
 * Where links lead that let somebody in: /invite/:token and /reset/:token. Looking changes nothing
 * (programs that read mail open every link); sending the form does, once. Links that cannot be used
 * all look the same, whatever the reason.
 *
 * Whoever comes through gets a new session; the one that the browser had before is over. The
 * address of these pages is a secret: it is told to no other host, and to no search engine.
 */

bool door_web_invited(struct ctx *c, const struct req *q, struct res *r); /* GET */
bool door_web_accept(struct ctx *c, const struct req *q, struct res *r);  /* POST, mode SLOW */
bool door_web_forgotten(struct ctx *c, const struct req *q, struct res *r); /* GET */
bool door_web_reset(struct ctx *c, const struct req *q, struct res *r);   /* POST, mode SLOW */

#endif
