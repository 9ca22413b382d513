"""Private parts of `sources.dynamics`."""
