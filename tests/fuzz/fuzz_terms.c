/* SPDX-License-Identifier: Apache-2.0 */
#include "campaign/terms_doc.h"
#include "fuzz.h"

FUZZ
{
	const struct currency *usd = currency_find(STR("USD"));
	struct terms terms, again;
	struct str sentences[64];
	struct buf first, second;

	if (refused(c, terms_doc_parse(c, text, usd, &terms)))
		return;
	buf_init(&first, c->arena);
	buf_init(&second, c->arena);
	terms_doc_print(&first, &terms);
	CHECK(terms_doc_parse(c, buf_text(&first), usd, &again));
	terms_doc_print(&second, &again);
	CHECK(str_eq(buf_text(&first), buf_text(&second)));
	CHECK(terms_doc_sentences(c->arena, &terms, sentences, LEN(sentences)) <= LEN(sentences));
}
