# size: two sub-rooms (feeds, peers) that share nothing but the engine, and the store
"""Edges: what acts. Clock, keys, store (its seals, check, salvage, rebuild), durable files, alert spool, turn, engine,
recovery; feeds and peers in sub-rooms.

Here: everything that touches the world, as small classes that keep a contract. Not here: any decision. May know: node
and below; never the console.
"""
