/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORTAL_PORTAL_DEVICE_WEB_H
#define PORTAL_PORTAL_DEVICE_WEB_H

#include "net/http.h"

/*
 * Note with which device a partner's people are in the portal (click/own_device.h): once a day for
 * each session and device, by a task of its own that nobody waits for. Nothing where clicks are not
 * counted; a note that is not taken is taken with another session.
 */
void portal_device_note(const struct ctx *c, const struct req *q);

#endif
