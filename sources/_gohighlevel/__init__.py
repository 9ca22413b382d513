"""Private parts of `sources.gohighlevel`; import from that."""
