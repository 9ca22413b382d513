"""Private parts of `sources.rest`, one concept a file."""
