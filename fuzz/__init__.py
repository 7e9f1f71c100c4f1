"""Fuzzing: every parser that somebody outside can reach, fed with bytes that nobody sane would send.

Here: one check per parser (wire, files, texts), the list of them (targets), seeds from the vectors and from valid
messages (seeds), the run by atheris, libFuzzer for Python (`python -m fuzz NAME`), and the corpus that is kept.
Not here: the parsers. A check gives True for bytes that the parser takes and False for bytes that it refuses by name;
it raises for anything else, and when what was taken is not written again as the same bytes. docs/hostile-input.md lists
them all. tests/fuzz replays the corpus and fuzzes each for a moment.
"""
