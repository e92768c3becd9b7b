/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_REPORT_HOME_H
#define REPORT_REPORT_HOME_H

#include "fx/fx_sum.h"
#include "report/report.h"

/*
 * A report's figures of all currencies as one, in the organisation's: each day is converted
 * by today's rates and rounded, and the sums are those of the days. *s says by which rates,
 * and whether a currency had to be left out. When there is no revenue but what has no rate,
 * they are those of the currency with the most. Sales are counted whatever their currency.
 */
bool report_home(struct ctx *c, const struct report *r, struct str currency, struct fx_sum *s,
                 struct report_currency *out);

/*
 * Who earned the most in the last 30 days, of all currencies, in the sum's; report_best. Of several
 * currencies, somebody must be among the first hundred in one of them.
 */
struct report_best {
	int64_t partner_id, revenue, commission, sales;
};
bool report_home_top(struct ctx *c, const struct report *r, struct fx_sum *s, size_t most,
                     struct list *out);

#endif
