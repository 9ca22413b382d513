"""What `as` may name: a plain function per file, found by the entry-point group ``leadrelay.transforms``.

A transform takes a value that is there and returns what becomes of it, or None for nothing. It raises
`ValueError` for what it can't use, with a message that says what is wrong and never the value. Its first
parameter says what it gets: `str` is trimmed text, `object` the value as the source has it. Its other
parameters are the options, by name, with a default each. Those of other packages need no import of ours.
"""
