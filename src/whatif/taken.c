/* SPDX-License-Identifier: Apache-2.0 */
#include "whatif/taken.h"

int64_t left_known(const struct left_list *of, int64_t until)
{
	for (size_t i = 0; i < of->count; i++)
		if (of->all[i].event_id <= until)
			return of->all[i].at;
	return 0;
}

void taken_known(struct arena *a, const struct taken_list *of, int64_t until,
                 int64_t sale_minor, struct taken_facts *out)
{
	size_t count = of->count;
	struct dispute_notice *notices = ARENA_ARRAY(a, struct dispute_notice, count + 1);
	struct dispute_fact *disputes = ARENA_ARRAY(a, struct dispute_fact, count + 1);
	struct refund_fact *refunds = ARENA_ARRAY(a, struct refund_fact, count + 1);
	size_t refund_count = 0, notice_count = 0;
	int64_t refunded = 0;

	for (size_t i = 0; i < count && of->all[i].event_id <= until; i++) {
		const struct taken *t = &of->all[i];

		if (t->disputed) {
			notices[notice_count++] = (struct dispute_notice){
				t->dispute, (enum dispute_state)t->state, t->amount, t->at
			};
		} else {
			refunds[refund_count++] = (struct refund_fact){ t->amount, t->at };
			refunded += t->amount;
		}
	}
	out->facts = (struct reverse_facts){ .refunds = refunds, .refund_count = refund_count,
		                             .disputes = disputes };
	out->facts.dispute_count = dispute_fold(notices, notice_count, disputes);
	out->refunded_minor = refunded;
	out->gone_minor = dispute_gone(sale_minor, refunded, disputes, out->facts.dispute_count);
}
