# size: the law, the machine, the incident and each kind of change to it (record, home, voiced, deadline) stand apart
"""Procedure: incidents, threads, obligations, deadlines and agreements, as data that a pure machine runs.

Here: procedure tables and agreements (parsed from text), the thread machine, incidents with all that each side said,
overdue obligations, and a checker that explores both sides of a table. Not here: what may leave the country (release),
the bytes of a message (exchange), clocks, files, languages. May know: terms.

Reading order: `table` (the law), `thread` (one incident on one channel), `incident`, `record`, `voiced`, `deadline`,
`explore`.
"""
