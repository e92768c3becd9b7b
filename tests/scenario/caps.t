# At most 50.00 a month for one partner.
campaign main 50% hold 30d
  caps: [{"scope": "partner", "period": "month", "amount": 5000}]
partner bob
code BOB
sale order-1 60.00 customer eve code BOB
sale order-2 60.00 customer eve
sale order-3 60.00 customer eve
expect commission order-1 bob 30.00
expect commission order-2 bob 20.00
expect balance bob pending 50.00
