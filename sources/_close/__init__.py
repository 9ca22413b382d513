"""Private parts of `sources.close`; import from that."""
