# A restatement of a chain, of a sale that earned nothing, and of one that is held.
campaign main 20% hold 30d
  delay_invoices: 1
  clawback: {"window_days": 60, "on_churn": "full"}
  chain: {"mode": "from_share", "levels": [{"percent": "50"}]}
partner ann
partner bob parent ann
link summer of bob -> https://shop.example/

sale first 100.00 customer eve partner bob ago 5d
sale second 100.00 customer eve partner bob ago 3d
expect commission first none
expect balance bob pending 10.00
expect balance ann pending 10.00

# From the first invoice on, and 30 %: 15.00 each of both sales.
restate preview all main since 4d
  terms: {"trigger": "sale", "reward": {"type": "percentage", "value": "30"}, "chain": {"mode": "from_share", "levels": [{"percent": "50"}]}}
expect restated all bob 10.00 15.00
restate cancel all

restate preview all main
  terms: {"trigger": "sale", "reward": {"type": "percentage", "value": "30"}, "chain": {"mode": "from_share", "levels": [{"percent": "50"}]}}
expect restated all bob 10.00 30.00
expect restated all ann 10.00 30.00
restate approve all
expect balance bob pending 30.00
expect balance ann pending 30.00

refund refund-1 of first
job restate
expect balance bob pending 15.00
expect balance ann pending 15.00
dispute d of second opened 40.00
job restate
dispute d of second lost 40.00
job restate
expect balance bob pending 9.00
expect balance ann pending 9.00
churn eve-left customer eve
job restate
expect balance bob pending 0.00
expect balance ann pending 0.00
