# Refunds in parts, in any order and repeated, take back exactly what was earned.
campaign main 25% hold 30d
  clawback: {"window_days": 60, "on_refund": "full"}
partner bob
link summer -> https://shop.example/
click summer as c1

sale order-1 99.00 customer eve click c1
expect commission order-1 bob 24.75 pending
refund refund-1 of order-1 33.00
expect balance bob pending 16.50
again -> 200
expect balance bob pending 16.50
refund refund-2 of order-1
expect balance bob pending 0.00
expect commission order-1 bob 24.75 reversed
