"""How much memory this process holds."""

from __future__ import annotations

import gc
import resource
from pathlib import Path


def resident_bytes() -> int:
    """Return how much memory this process holds now; the most it ever held would hide what is less."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()
