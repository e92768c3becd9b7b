# First and last 40 %, those between share 20 %; each purchase anew when ownership is by sale.
campaign main 10% hold 0d
  attribution: {"model": "position"}
campaign anew 10% hold 0d
  attribution: {"model": "position", "ownership": "sale"}
partner ann in main
code ANN of ann in main
partner bob in main
code BOB of bob in main
partner cid in main
code CID of cid in main
partner dan in anew
code DAN of dan in anew
partner eli in anew
code ELI of eli in anew

lead l-1 customer eve code ANN
lead l-2 customer eve code BOB
sale order-1 100.00 customer eve code CID
expect credited order-1 ann 400000
expect credited order-1 bob 200000
expect credited order-1 cid 400000
advance 30d
sale order-2 100.00 customer eve
expect credited order-2 ann 400000
expect credited order-2 bob 200000
expect credited order-2 cid 400000
advance 1d
expect balance bob payable 4.00

lead l-3 customer ida code DAN
sale order-3 100.00 customer ida code ELI
expect credited order-3 dan 500000
sale order-4 100.00 customer ida code ELI
expect credited order-4 dan 400000
expect credited order-4 eli 600000
