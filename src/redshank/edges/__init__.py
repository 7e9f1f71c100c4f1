"""The edges that act: clock, keys, store, feeds, peers, alert sender, bus, telemetry."""
