"""The command line: parses arguments, calls compose and exercise, prints."""
