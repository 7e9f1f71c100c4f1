"""The command line: parses arguments, calls compose and exercise, prints."""

# size: one file for each command, and three for what several of them print and read
