# All of it inside 60 days, nothing after; or nothing at all, as the terms say.
campaign main 25% hold 0d
  clawback: {"window_days": 60, "on_churn": "full"}
campaign other 25% hold 0d
partner bob in main
code BOB of bob in main
partner ann in other
code ANN of ann in other
sale order-1 100.00 customer eve code BOB
sale order-2 100.00 customer ida code BOB ago 61d
sale order-3 100.00 customer zoe code ANN
churn left-1 customer eve
churn left-2 customer ida
churn left-3 customer zoe
expect says left-3 "nothing is taken back"
advance 1d
expect balance bob payable 25.00
expect balance ann payable 25.00
expect commission order-1 bob 25.00 reversed
