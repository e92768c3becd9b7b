# A customer who leaves takes back what was earned from it inside the window: the days to come, or all.
campaign main 25% hold 0d
  clawback: {"window_days": 90, "on_churn": "prorated"}
partner bob
code BOB
sale order-1 360.00 customer eve code BOB
expect balance bob pending 90.00
advance 30d
sale order-2 360.00 customer eve
churn left-1 customer eve
expect says left-1 "The customer has left; of 2 commissions something is taken back"
# 60 of 90 days of the first were to come, and all 90 of the second
advance 1d
expect balance bob payable 30.00
again -> 200

# A sale of before that comes late is treated alike (14 of its 90 days were over); what comes after is not touched.
sale order-3 36.00 customer eve ago 373h
expect commission order-3 bob 9.00
advance 1d
expect balance bob payable 31.40
sale order-4 360.00 customer eve
advance 1d
expect balance bob payable 121.40
churn left-2 customer zoe
sale order-5 36.00 customer zoe code BOB ago 1d
expect says left-2 "nothing is taken back"
