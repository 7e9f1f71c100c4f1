# size: three sub-rooms (feeds, peers, witness) that share nothing but the engine; each is small
"""Edges: what acts. Clock, keys, store, tiles, alert spool, turn, engine, recovery; feeds, peers, witness in sub-rooms.

Here: everything that touches the world, as small classes that keep a contract. Not here: any decision. May know: node
and below; never the console.
"""
