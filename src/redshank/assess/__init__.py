"""Observations that bear on diverted or not; for the national view only."""
