"""The forecast on real flights that it was not fitted on: fit, recalibration, rivals, scores (docs/forecast.md)."""
