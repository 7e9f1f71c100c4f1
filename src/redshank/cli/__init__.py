# size: one file for each group of commands
"""The command line: parses arguments, calls compose and exercise, prints."""
