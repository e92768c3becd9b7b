# By these terms a customer who leaves costs nothing; a policy with a window takes back only inside it.
campaign main 25% hold 0d
  clawback: {"window_days": 60, "on_churn": "none"}
partner bob
code BOB
sale order-1 100.00 customer eve code BOB
churn left-1 customer eve
expect says left-1 "nothing is taken back"
advance 1d
expect balance bob payable 25.00
again -> 200
campaign strict 25% hold 0d
  clawback: {"window_days": 60, "on_churn": "full"}
partner ann
code ANN
sale order-2 100.00 customer ida code ANN
advance 60d
churn left-2 customer ida
expect says left-2 "nothing is taken back"
expect balance ann payable 25.00
