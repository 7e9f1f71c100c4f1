"""Witness: a third party's C2SP tlog-witness over HTTP, and the side of a node that submits its heads to one.

Here: the witness's keys, its memory, its server, and the node's pump towards it. Not here: what may be cosigned
(log.witness), what k of n witnesses mean (exchange.witnessing). May know: terms, log, exchange, node's words, engine.
"""
