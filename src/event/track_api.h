/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EVENT_TRACK_API_H
#define EVENT_TRACK_API_H

#include "api/list.h"
#include "net/http.h"

/* The tracking calls: POST /api/v1/track/{click,lead,sale,refund,event,batch}. */

bool track_api_click(struct ctx *c, const struct req *q, struct res *r);
bool track_api_lead(struct ctx *c, const struct req *q, struct res *r);
bool track_api_sale(struct ctx *c, const struct req *q, struct res *r);
/* What has no call of its own, by its type. */
bool track_api_event(struct ctx *c, const struct req *q, struct res *r);
bool track_api_refund(struct ctx *c, const struct req *q, struct res *r);
bool track_api_dispute(struct ctx *c, const struct req *q, struct res *r);
bool track_api_churn(struct ctx *c, const struct req *q, struct res *r);
bool track_api_batch(struct ctx *c, const struct req *q, struct res *r);

/* What they read early and ask ahead (see struct route). */
bool track_api_lead_read(struct ctx *c, struct req *q);
bool track_api_sale_read(struct ctx *c, struct req *q);
bool track_api_ahead(struct ctx *c, struct req *q);

/* GET /api/v1/events, /api/v1/events/:id */
bool event_api_list(struct ctx *c, const struct req *q, struct res *r);
bool event_api_get(struct ctx *c, const struct req *q, struct res *r);

/* One as GET answers it. */
bool event_api_print(struct ctx *c, int64_t id, struct buf *b);

/* The description of the list, for pages. */
extern const struct list_spec event_list;

#endif
