# What a condition asks for is remembered beside the rate: the audit at the end judges every sale again.
campaign main 10% hold 0d
  rewards: [{"if": {"country": "DE", "product": "annual"}, "reward": {"type": "percentage", "value": "20"}}]
partner bob
code BOB
rates ago 2d USD 1.10 JPY 160
sale order-1 100.00 EUR customer eve code BOB country DE product annual
expect commission order-1 bob 22.00
sale order-2 16000 JPY customer ida code BOB country DE product monthly
expect commission order-2 bob 11.00
# the customer's country, said before
sale order-3 100.00 EUR customer eve product annual
expect commission order-3 bob 22.00
sale order-4 100.00 customer eve product annual
expect commission order-4 bob 20.00
