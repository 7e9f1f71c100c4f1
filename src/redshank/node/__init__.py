# size: one file for each of what the machine, a person, a channel, the sky and a rebuild make the node do
"""The switchboard: events, effects, state and the one function step(state, event, now)."""
