"""Private parts of `sources.servicetitan`; import from that."""
