# size: three sub-rooms (feeds, keys, peers) that share little but the engine; each is small
"""Edges: what acts. Clock, store, alert spool, turn, engine, recovery; feeds, keys and peers in sub-rooms.

Here: everything that touches the world, as small classes that keep a contract. Not here: any decision. May know: node
and below; never the console.
"""
