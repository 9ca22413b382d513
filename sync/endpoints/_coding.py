"""Bodies that came compressed although we said not to: some gateways do so whatever is asked for."""

from __future__ import annotations

import zlib
from dataclasses import replace
from typing import TYPE_CHECKING

from sync.endpoints._exchange import MOST_BYTES

if TYPE_CHECKING:
    from sync.endpoints._exchange import Answer

#: zlib's word for "gzip or zlib, find out".
_EITHER = zlib.MAX_WBITS | 32


def decoded(answer: Answer) -> Answer:
    """Return an answer with its body as it was meant; one that can't be read counts as broken off."""
    coding = answer.headers["content-encoding"].strip().lower()
    if coding in ("", "identity") or not answer.body:
        return answer
    if coding not in ("gzip", "x-gzip", "deflate"):
        return replace(answer, body=b"", whole=False)
    reader = zlib.decompressobj(_EITHER)
    try:
        body = reader.decompress(answer.body, MOST_BYTES)
    except zlib.error:
        return replace(answer, body=b"", whole=False)
    return replace(answer, body=body, whole=answer.whole and reader.eof)
