# Messages overtake each other: a refund waits for its sale.
campaign main 10% hold 30d
partner bob
code BOB

refund refund-1 of order-1 50.00
sale order-1 200.00 customer eve code BOB
expect balance bob pending 15.00
