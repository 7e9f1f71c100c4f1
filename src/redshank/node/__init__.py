# size: one file for each kind of thing that happens to a node; what is said by voice is one
"""The switchboard: events, effects, state and the one function step(state, event, now)."""
