"""Vendors' libraries log requests, with what may be secret in them; what matters of it comes as an error."""

from __future__ import annotations

import logging


def keep_quiet(*names: str) -> None:
    """Keep these loggers, and those below them, from telling anything."""
    for name in names:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
