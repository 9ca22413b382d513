"""Private parts of `sources.microsoft_excel`, one idea per module."""
