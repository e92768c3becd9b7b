# Messages overtake each other: a refund waits for its sale.
campaign main 10% hold 30d
partner bob
code BOB

refund refund-1 of order-1 50.00
sale order-1 200.00 customer eve code BOB
expect balance bob pending 15.00

# One that does not say how much takes all that is left when the sale comes.
refund refund-2 of order-2
expect audit ok
sale order-2 300.00 customer ida code BOB
expect commission order-2 bob 30.00 reversed
expect balance bob pending 15.00
