"""Byzantine: a party that runs the product and lies, with its own real keys, as seeded scripts.

Here: the evil node and its mouth (mouth), attacks by pushed deliveries (pushes), by entries of its own log (slips), by
answers (answers), and when which is made against whom (campaign). Not here: what the victim must make of it
(invariants.hostile). It signs whatever it likes with its own keys, and with nobody else's.
"""
