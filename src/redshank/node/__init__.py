"""The switchboard: events, effects, state and the one function step(state, event, now)."""
