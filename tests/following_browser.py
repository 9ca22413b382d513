"""A browser that says yes at once: ``python following_browser.py FILE URL`` keeps the page it ends at."""

from __future__ import annotations

import sys
import urllib.error
import urllib.request
from pathlib import Path

if __name__ == "__main__":
    file, url = sys.argv[1:]
    try:
        with urllib.request.urlopen(url, timeout=30) as page:  # noqa: S310 it is of the test
            told = page.read().decode()
    except urllib.error.HTTPError as error:
        told = error.read().decode()
        error.close()
    Path(file).write_text(told, encoding="utf-8")
