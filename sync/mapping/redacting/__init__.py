"""A real record as an example that can be kept: what is personal in it is replaced by what is made up."""

from __future__ import annotations

from sync.mapping.redacting.example import Example, Unredactable, redacted_example

__all__ = ["Example", "Unredactable", "redacted_example"]
