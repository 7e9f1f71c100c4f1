"""Decode: bytes from feeds become reports or named refusals.

Here: source configurations, ASTERIX CAT048 and CAT062 in every edition that libasterix knows, Redshank's
own JSON report of a person, the gazetteer that such a report needs, and the counts of a feed. Not here:
sockets, files, clocks, tracks. Everything is pure: bytes, a source and `now` go in, values come out. May
know: terms.
"""
