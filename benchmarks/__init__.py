"""Benchmarks: each module runs alone and ends with one JSON line (see `figures`)."""
