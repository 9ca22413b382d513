"""uvicorn as this program uses it: it serves, and says nothing by itself."""

from __future__ import annotations

from typing import Any

import uvicorn


def quiet(app: Any, protocol: Any, **options: Any) -> uvicorn.Config:
    """Return a configuration without logs, without a name of a server, and without trust in proxies.

    Args:
        app: the ASGI application.
        protocol: what speaks HTTP on each connection.
        options: further ones of `uvicorn.Config`.

    """
    return uvicorn.Config(
        app,
        http=protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="error",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        **options,
    )
