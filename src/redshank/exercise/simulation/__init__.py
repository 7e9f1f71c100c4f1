"""Simulation: several real nodes in one process, on a clock, a network and disks that fail on purpose.

Here: the world (one queue of happenings on a virtual clock), nodes that run the product's own turn and recovery, a
network that loses, doubles, delays and parts, disks that keep the contract of edges/store, robot officers, and the
invariants, checked after every step. A seed gives the same run, byte for byte, on every machine of one build. Not here:
processes, sockets, files, a wall clock. May know: compose and below; never the rest of exercise.
"""
