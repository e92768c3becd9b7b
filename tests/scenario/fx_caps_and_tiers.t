# Caps and tiers are in the campaign's currency, and so is what sales in others count for them.
org acme currency USD
campaign main 10% hold 30d
  tiers: {"by": "revenue", "period": "lifetime", "steps": [{"from": 20000, "reward": {"type": "percentage", "value": "20"}}]}
  caps: [{"scope": "partner", "period": "lifetime", "amount": 7000}]
partner bob
code BOB
rates ago 3d USD 1.25
sale one 160.00 EUR customer eve code BOB
expect commission one bob 20.00
sale two 100.00 EUR customer eve
expect commission two bob 25.00
# What a refund takes back is counted at the sale's rate, whatever is published since.
rates ago 0d USD 2.50
refund r of one
sale three 80.00 EUR customer eve
expect commission three bob 20.00
sale four 80.00 EUR customer eve
expect commission four bob 5.00
expect says four "less 35.00 USD over the cap per partner"
