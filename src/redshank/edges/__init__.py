# size: three sub-rooms (feeds, peers, witness) that share nothing but the engine; and the store with its seals
"""Edges: what acts. Clock, keys, store (its seals, check, salvage, rebuild), durable files, tiles, alert spool, turn,
engine, recovery; feeds, peers and witness in sub-rooms.

Here: everything that touches the world, as small classes that keep a contract. Not here: any decision. May know: node
and below; never the console.
"""
