"""Exercises: scenarios, simulator, director, scoring; may use every room, no room may use it.

Nodes are treated as their users treat them: as processes with feeds, keys and a console API.
"""

# size: an exercise is a world (truth, sensors, tracker, feeder), a fleet and a stage (officers, score, director)
