# size: four sub-rooms (feeds, keys, peers, witness) that share little but the engine; and the store with its seals
"""Edges: what acts. Clock, store (its seals, check, salvage, rebuild), durable files, tiles, alert spool, turn, engine,
recovery; feeds, keys, peers and witness in sub-rooms.

Here: everything that touches the world, as small classes that keep a contract. Not here: any decision. May know: node
and below; never the console.
"""
