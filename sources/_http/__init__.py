"""Private parts of `sources.http` and `sources.oauth`; import from those."""
