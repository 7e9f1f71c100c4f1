"""Tracks become crossings: where, when, how likely, and the districts in the path."""
