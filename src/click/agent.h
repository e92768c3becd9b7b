/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLICK_AGENT_H
#define CLICK_AGENT_H

#include "base/str.h"

#include <stdbool.h>

/*
 * Browsers' names (User-Agent): does a program click, or a person?
 *
 * Says what the name admits; a program that pretends to be a browser passes. Looks at
 * each character once, whatever the name and the list of words.
 */

/* True for crawlers, link previews, monitors, command-line and library clients, and for "". */
bool agent_is_bot(struct str user_agent);

#endif
