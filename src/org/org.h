#include "base/ctx.h"
bool org_timezone(struct ctx *c, struct str *out);
