# A sale that is shared makes its customer belong to all who share it; later sales are divided alike.
campaign main 25% hold 0d
  attribution: {"model": "linear"}
partner ann
code ANN
partner bob
code BOB
partner cid
code CID
lead hello customer eve code ANN
sale order-1 100.00 customer eve code BOB
expect credited order-1 ann 500000
expect credited order-1 bob 500000
# eve is theirs: another code does not count any more
sale order-2 200.00 customer eve code CID
expect credited order-2 ann 500000
expect credited order-2 bob 500000
expect balance ann pending 37.50
expect balance bob pending 37.50
expect balance cid pending 0.00
refund refund-1 of order-2 100.00
dispute dp-1 of order-1 lost
expect balance ann pending 12.50
expect balance bob pending 12.50

# one owner remains one owner
sale order-3 100.00 customer ida code CID
sale order-4 100.00 customer ida code BOB
expect credited order-4 cid 1000000
