# size: the law, its proof and its drawing, the machine, the incident and each kind of change to it stand apart
"""Procedure: incidents, threads, obligations, deadlines and agreements, as data that a pure machine runs.

Here: procedure tables and agreements (parsed from text), the thread machine, incidents with all that each side said,
overdue obligations, and a checker that explores both sides of a table, tells what it found, and draws the table. Not
here: what may leave the country (release), the bytes of a message (exchange), clocks, files, languages. May know:
terms.

Reading order: `table` (the law), `thread` (one incident on one channel), `incident`, `record`, `voiced`, `deadline`,
`explore`, `proof`, `telling`, `drawing`; for the legal adviser `agreement`, `agreement_findings`,
`agreement_schema`.
"""
