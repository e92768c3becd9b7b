/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "unit.h"

TEST(a_control_character_is_found_wherever_it_stands)
{
	char text[24];

	for (size_t n = 0; n <= sizeof(text); n++) {
		memset(text, 0xC3, sizeof(text));
		NO(str_has_control((struct str){ text, n }));
		for (size_t at = 0; at < n; at++) {
			for (int byte = 0; byte < 256; byte++) {
				text[at] = (char)byte;
				EQ(str_has_control((struct str){ text, n }),
				   byte < 0x20 || byte == 0x7F);
			}
			text[at] = ' ';
		}
	}
	NO(str_has_control(STR("")));
	NO(str_has_control((struct str){ 0 }));
}
