"""Private parts of `sources.google_sheets`, one idea per module."""
