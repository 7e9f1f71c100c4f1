# size: one file for each kind of event, and the six words that they share; restore is one of them
"""The switchboard: events, effects, state and the one function step(state, event, now)."""
