"""``python -m sync.cli`` is ``leadrelay``."""

from __future__ import annotations

import sys

from sync.cli import main

sys.exit(main())
