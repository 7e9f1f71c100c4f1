# size: one file for each thing that a node is built from; the sub-room reporting runs in a process of its own
"""Compose: builds a node from a configuration file; knows every concrete class; holds no logic of the channel.

May know: everything below it. Nobody but cli and exercise may know it.
"""
