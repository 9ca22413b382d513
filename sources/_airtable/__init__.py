"""Private parts of `sources.airtable`, one idea per module."""
