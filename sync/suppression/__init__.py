"""Those who must not be texted: a list that somebody else keeps, in a file or in a database.

It is read when delivery begins and again when it has changed, held as digests only, and asked in the
transaction that claims a lead. While it can't be read, nothing is sent.
"""

from sync.suppression.lists import SuppressionList, source_of

__all__ = ["SuppressionList", "source_of"]
