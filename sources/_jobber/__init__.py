"""Private parts of `sources.jobber`; import from that."""
