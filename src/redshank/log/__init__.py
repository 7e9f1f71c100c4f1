"""Append-only Merkle logs, checkpoints, cosignatures and proofs; no file, no key store.

Here: RFC 6962 trees (`merkle`), C2SP tlog-tiles (`tiles`), one rule for Ed25519 (`ed25519`) and one for ML-DSA-44
(`mldsa`), C2SP signed-note and cosignatures (`note`), C2SP tlog-checkpoint (`tree_head`, `checkpoint`), the two logs of
a channel as values (`ledger`). Not here: what an entry says (exchange), who holds a private key (edges). May know:
terms.
"""
