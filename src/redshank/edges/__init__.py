# size: two sub-rooms (feeds, peers) that share nothing but the engine; each is small
"""The edges that act: clock, keys, store, feeds, peers, alert sender, bus, telemetry."""
