# A dispute may be told before its sale, and its end before its beginning.
campaign main 10% hold 30d
partner bob
code BOB

dispute dp-1 of order-1 lost 50.00
expect says dp-1/lost "The sale is not known yet; the dispute waits for it"
dispute dp-1 of order-1 opened 60.00 ago 1d
sale order-1 200.00 customer eve code BOB ago 2d
expect balance bob pending 15.00
expect balance bob held 0.00

dispute dp-2 of order-2 opened
sale order-2 100.00 customer eve
expect balance bob held 10.00
dispute dp-2 of order-2 won
expect balance bob held 0.00
expect balance bob pending 25.00

dispute dp-3 of order-2 opened 100.01 -> 422
