"""Peers: HTTPS with mutual TLS between two nodes, each party its own certificate authority, pinned.

Here: TLS and its key exchange, the server that takes deliveries and shows our logs, the pump that delivers, what the
links are like. Not here: what a delivery means (exchange). May know: terms, node's words, edges.keys.
"""
