"""Tracking: the multi-target tracker, on structures of arrays; a plot is shared out by probability, never by force.

Here: existence of each track (track-oriented multi-Bernoulli filter, loopy belief propagation), interacting motion
models for slow low fliers, births from plots, late plots. All pure: a field of tracks and a scan go in, a new field
comes out, and equal inputs give equal bytes. Not here: ids, status, sources, joining with system tracks (the picture).

No node uses it yet: ADR 0030 names what that needs. The loops are compiled by numba, which costs a process some 130 MB
and half a second of start, and is a package for tests and benchmarks until a node does. May know: terms.
"""
