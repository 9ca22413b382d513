"""A process that renews its access token: ``python -m tests.renewing_process TOKEN_URL CACHE TIMES [STOP]``.

Prints one line for each token it got. With STOP it hangs at that moment of saving, to be killed there:
``before``, when the new file is written and not in place yet, or ``after``, when it has just been put there.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from sources._http import kept_access
from sources._http.auth import Draft
from sources.oauth import OAuth, OAuthApp, token_store
from tests.doubles.oauth_vendor import CLIENT, SECRET

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


async def renew(token_url: str, cache: Path, times: int) -> AsyncIterator[str]:
    """Yield an access token that was renewed just now, so many times."""
    app = OAuthApp(token_url, CLIENT, SECRET)
    for _ in range(times):
        auth = OAuth.refreshing(app, "first-s3cret", token_store(cache, "crm", app, "first-s3cret"))
        draft = Draft(token_url, {})
        await auth.sign(draft)
        yield draft.headers["authorization"]
        await auth.close()
        kept_access.forget()  # as when the token has ended


async def tell(token_url: str, cache: Path, times: int) -> None:
    async for token in renew(token_url, cache, times):
        print(token, flush=True)  # noqa: T201 the test reads it


def stop_at(moment: str) -> None:
    put = os.replace

    def hangs(old: str, new: str) -> None:
        if moment == "after":
            put(old, new)
        print("hangs", flush=True)  # noqa: T201 the test waits for it
        time.sleep(600)

    os.replace = hangs


if __name__ == "__main__":
    url, directory, count, *stop = sys.argv[1:]
    if stop:
        stop_at(stop[0])
    asyncio.run(tell(url, Path(directory), int(count)))
