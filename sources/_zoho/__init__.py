"""Private parts of `sources.zoho`; import from that."""
