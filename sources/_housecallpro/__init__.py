"""Private parts of `sources.housecallpro`; import from that."""
