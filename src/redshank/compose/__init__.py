"""Compose: builds a node from a configuration file; knows every concrete class; holds no logic of the channel.

May know: everything below it. Nobody but cli and exercise may know it.
"""
