# size: the sub-room voice shares nothing but the bounds of messages with the rest; audit is what the verifier decides
"""Messages, envelope, session and record; sends only what release made Released.

Here: names and keys (`parties`), the bytes of a message (`envelope`, `bounds`), one channel as one node holds it
(`session`, `signing`), a push and its answer (`delivery`), the exportable proof of a channel and its verifier
(`record`, `verifier` and its parts in `audit`). Not here: what may leave (release), what follows from a message
(procedure), the line itself (edges). May know: release (its `Released`), log, terms.
"""
# size: one file for each thing that two parties exchange or show: messages, heads, deliveries, records, proofs
