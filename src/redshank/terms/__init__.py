# size: strict_yaml stands here because two rooms that may not know one another read YAML by the same rules
"""Terms: the words that at least two rooms share, as frozen types.

Here: ids, instants, geography, reports, tracks, forecasts, message bodies, refusal codes, limits, the invariant.
Not here: any decision, any file, any clock. May know: nobody.
"""
