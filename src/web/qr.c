/* SPDX-License-Identifier: Apache-2.0 */
#include "web/qr.h"
#include "data/html.h"

#include <qrencode.h>

#define QUIET 4 /* modules of white around it, as ISO/IEC 18004 asks for */

static void put_modules(struct buf *b, const QRcode *qr)
{
	for (int y = 0; y < qr->width; y++)
		for (int x = 0; x < qr->width; x++)
			if (qr->data[y * qr->width + x] & 1)
				buf_printf(b, "M%d %dh1v1h-1z", x + QUIET, y + QUIET);
}

json_t *qr_view(struct arena *a, struct str text)
{
	QRcode *qr = QRcode_encodeString8bit(arena_cstr(a, text), 0, QR_ECLEVEL_M);
	struct buf b;
	int size;

	if (!qr)
		return json_null();
	size = qr->width + 2 * QUIET;
	buf_init(&b, a);
	buf_printf(&b, "<svg class=\"qr\" role=\"img\" aria-label=\"QR code of the link\""
	           " viewBox=\"0 0 %d %d\" shape-rendering=\"crispEdges\">"
	           "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/><path fill=\"#000\" d=\"",
	           size, size, size, size);
	put_modules(&b, qr);
	buf_puts(&b, "\"/></svg>");
	QRcode_free(qr);
	return html_value(buf_text(&b));
}
