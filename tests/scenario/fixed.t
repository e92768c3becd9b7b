# A fixed reward is the same whatever the invoice.
campaign main 50.00 hold 0d
partner bob
code BOB50

sale order-1 9.00 customer eve code BOB50
sale order-2 900.00 customer eve
expect commission order-1 bob 50.00
expect commission order-2 bob 50.00
