# What cannot be right is refused, and nothing has happened.
campaign main 20%
partner bob
code BOB
sale order-1 -5.00 customer eve code BOB -> 422
refund refund-1 of order-1 5.00 -> 201
campaign broken 120.00001% -> 422
sale order-2 10.00 customer eve code BOB -> 201
sale order-2 11.00 customer eve code BOB -> 409
expect commission order-2 bob 2.00
GET /partners/prt_0000000000000 -> 404
GET /nothing-here -> 404
