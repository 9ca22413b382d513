"""A first draft of a mapping, guessed from a sample of a source: what is which column, and how it is written.

Pure: a sample goes in, YAML comes out. `sync.runtime.suggesting` takes the sample.
"""

from __future__ import annotations

from sync.suggesting.choice import Choice, Field, Further
from sync.suggesting.choosing import choose
from sync.suggesting.drafting import draft

__all__ = ["Choice", "Field", "Further", "choose", "draft"]
