# size: a second implementation in small: one module per part of the contract, one per family of cases
"""Conformance: drives any node, ours or another's, through the clauses of docs/spec over its public contract.

Here: a partner's node in small, written from docs/spec alone (bytes, messages, TLS, HTTP, one channel's state); the
cases; the signed report. Not here: anything of the node. It imports no other room, not even terms: where both
implementations agree, they agree because the specification says so (ADR 0015). May know: libraries only.
"""
