# The most specific reward applies: by product and country of the customer, else the default.
campaign main 20% hold 0d
  rewards: [{"if": {"product": "annual", "country": ["DE", "AT"]}, "reward": {"type": "fixed", "amount": 20000}}]
partner bob
code BOB
sale a 500.00 customer eva code BOB product annual country DE
sale b 500.00 customer eve code BOB product annual country FR
sale c 500.00 customer ewa code BOB product monthly country AT
expect commission a bob 200.00
expect commission b bob 100.00
expect commission c bob 100.00
