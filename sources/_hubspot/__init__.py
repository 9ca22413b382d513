"""Private parts of `sources.hubspot`; import from that."""
