# A joint deal is shared as its partners agreed, by whatever it earns and whoever brings the customer in.
campaign resale 20% hold 30d
  rewards: [{"if": {"event": "deal_closed"}, "reward": {"type": "percentage", "value": "5"}}]
  chain: {"mode": "on_top", "compute": "flat", "levels": [{"percent": "10"}]}
partner top
partner ann
partner bob parent top
partner cat
code CAT of cat

deal acme ann with bob:33.3333 domain acme.example amount 1000.00
expect deal acme registered
deal rival bob domain acme.example
expect deal rival declined protected_deal
deal none ann with ann:40 domain other.example -> 422

# A sale inside the protection: 20.00, two thirds and a third; those above follow.
sale s1 100.00 customer eve email eve@acme.example code CAT
expect credited s1 ann 666667
expect credited s1 bob 333333
expect says s1 "Shared by 2 partners by deal: 66.6667 %, 33.3333 %."
expect commission s1 ann 13.33
expect commission s1 bob 6.67
expect commission s1 top 0.67

# Its customer stays theirs.
advance 30d
sale s2 30.00 customer eve code CAT
expect credited s2 ann 666667
expect commission s2 bob 2.00

# Won: shared as well; refunded, taken back along the same lines.
deal hooli ann with bob:50,cat:25 domain hooli.example amount 1000.00
deal win hooli
expect credited hooli ann 250000
expect credited hooli bob 500000
expect credited hooli cat 250000
expect commission hooli ann 12.50
expect commission hooli bob 25.00
expect commission hooli cat 12.50
expect commission hooli top 2.50
refund r1 of deal_closed hooli 400.00
expect balance cat pending 7.50
refund r2 of deal_closed hooli
expect balance cat pending 0.00
expect commission hooli bob 25.00 reversed
expect commission hooli top 2.50 reversed
