"""Private parts of `sources.spreadsheet`, one idea per module."""
