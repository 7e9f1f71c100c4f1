"""Terms: the words that at least two rooms share, as frozen types.

Here: ids, instants, geography, reports, tracks, forecasts, message bodies, refusal codes, limits, the invariant.
Not here: any decision, any file, any clock. May know: nobody.
"""
