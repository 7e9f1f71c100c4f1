"""The report of compliance and reciprocity: what both sides of a channel can read from the common log, side by side.

Here: the copies that it is made from (`copies`), the rules of the agreement that it applies (`rules`), what was asked
and answered (`duties`), what each side said (`said`), how it looks as data (`figures`, `schema`), and all of it in one
(`report`). Not here: what only one side knows, any score, any blame; reading stores and records (edges, cli), pages.
May know: procedure, log, terms. Clauses: docs/spec/report.md.
"""
