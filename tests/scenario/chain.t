# Who recruited the partner gets 10 % of what the recruit earns, on top.
campaign main 25% hold 30d
  chain: {"mode": "on_top", "compute": "flat", "levels": [{"percent": "10"}]}
partner ann
partner bob parent ann
code BOB of bob
sale order-1 99.00 customer eve code BOB
expect commission order-1 bob 24.75
expect commission order-1 ann 2.48
refund refund-1 of order-1
expect balance bob pending 0.00
expect balance ann pending 0.00
