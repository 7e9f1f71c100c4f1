"""Tracks become crossings: where, when, how likely, and the districts in the path."""
# size: each of its dozen files is one subject; two of them hold data alone (motion, fitted)
