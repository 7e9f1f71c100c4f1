"""Wording: what a message says, as full sentences in each of the seven languages (docs/spec/languages.md, ADR 0027).

Here: the plan of what is said of each type (`plan.json`), the texts by language (`texts/`, Project Fluent), figures,
and the small interpreter that joins the three. Not here: reading those files (`edges/wording.py`), the pages' twin of
the interpreter (`console/src/wording.ts`). May know: Fluent. A message comes as the members of the wire.
"""
