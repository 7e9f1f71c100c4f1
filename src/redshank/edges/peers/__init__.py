"""Peers: HTTPS with mutual TLS between two nodes, each party its own certificate authority, pinned.

Here: TLS contexts, the server that takes deliveries and shows our logs, the pump that delivers. Not here: what a
delivery means (exchange). May know: terms, node's words, edges.keys.
"""
