/* SPDX-License-Identifier: Apache-2.0 */
#include "data/json_out.h"
#include "base/clock.h"
#include "data/json.h"
#include "unit.h"

TEST(json_out_puts_the_commas)
{
	struct buf b;

	buf_init(&b, c->arena);
	jw_object(&b);
	jw_key(&b, "list");
	jw_array(&b);
	jw_int(&b, -1);
	jw_str(&b, STR("a,"));
	jw_array(&b);
	jw_array_end(&b);
	jw_object(&b);
	jw_object_end(&b);
	jw_null(&b);
	jw_bool(&b, true);
	jw_array_end(&b);
	jw_key_int(&b, "n", INT64_MIN);
	jw_key_str(&b, "s", STR(""));
	jw_key_bool(&b, "b", false);
	jw_key_null(&b, "z");
	jw_key_raw(&b, "raw", STR(" {\"x\":1}\n"));
	jw_key_raw(&b, "none", STR(""));
	jw_key_time(&b, "at", 1795193100000);
	jw_key_id(&b, "id", ID_PARTNER, 0);
	jw_key(&b, "any");
	jw_json(&b, json_own(c->arena, json_pack("{s:[i,n]}", "k", 1)));
	jw_object_end(&b);
	EQ_STR(buf_text(&b),
	       "{\"list\":[-1,\"a,\",[],{},null,true],\"n\":-9223372036854775808,\"s\":\"\",\"b\":false,"
	       "\"z\":null,\"raw\":{\"x\":1},\"none\":null,\"at\":\"2026-11-20T16:45:00.000Z\","
	       "\"id\":null,\"any\":{\"k\":[1,null]}}");
}

TEST(json_out_escapes_what_json_cannot_hold)
{
	struct buf b;

	buf_init(&b, c->arena);
	jw_str(&b, STR("a\"b\\c/\b\f\n\r\t\x01\x1F\x7F \xC3\xA4 \xFF \xF0\x9F\x98\x80 \xC3"));
	EQ_STR(buf_text(&b), "\"a\\\"b\\\\c/\\b\\f\\n\\r\\t\\u0001\\u001f\x7F \xC3\xA4 \xEF\xBF\xBD "
	                     "\xF0\x9F\x98\x80 \xEF\xBF\xBD\"");
}

TEST(json_out_is_read_back_as_it_was_whatever_byte_stands_where)
{
	char text[40];

	for (int byte = 1; byte < 0x80; byte++) {
		for (size_t at = 0; at < sizeof(text); at += 3) {
			struct str s = { text, sizeof(text) };
			struct buf b;
			json_t *v;

			memset(text, 'x', sizeof(text));
			text[at] = (char)byte;
			buf_init(&b, c->arena);
			jw_str(&b, s);
			OK(json_read(c, buf_text(&b), &v));
			OK(str_eq(json_text(v), s));
		}
	}
}

TEST(json_out_writes_what_was_read)
{
	struct str text = STR("{\"a\":[1.5,0.1,2.0,1e+300,-7,\"\\n\",true,false,null,{},[]],"
	                      "\"\":{\"\\\"\":0}}");
	struct buf b;
	json_t *v;

	buf_init(&b, c->arena);
	OK(json_read(c, text, &v));
	jw_json(&b, v);
	EQ_STR(buf_text(&b), text);
}
