/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DATA_HTML_H
#define DATA_HTML_H

#include "base/buf.h"

#include <jansson.h>
#include <stdbool.h>

/*
 * HTML: escaping, and values that are HTML already.
 *
 * An html value is made here only and is recognised by identity, so nothing that
 * came in as JSON or from the database can pass for one. Whoever makes one vouches
 * for its text: the Markdown renderer, the drawing of charts and QR codes.
 */

/* Text between tags and inside quoted attributes: & < > " ' become entities. */
void html_escape(struct buf *b, struct str s);

/*
 * A whole URL in an attribute: http, https, mailto and relative ones pass with what
 * does not belong into URLs percent-encoded; any other scheme becomes "about:invalid".
 */
void html_escape_url(struct buf *b, struct str s);

/* One part of a URL's path or query: all but letters, digits and -._~ is percent-encoded. */
void html_escape_part(struct buf *b, struct str s);

/* Text that may break behind each @ . _ - + and /, for addresses that are longer than a line. */
void html_escape_breakable(struct buf *b, struct str s);

/* A new html value for a view; the caller owns it. */
json_t *html_value(struct str html);

/* Is it one? Then *out is its text, which lives as long as the value. */
bool html_text(const json_t *value, struct str *out);

#endif
