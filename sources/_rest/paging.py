"""The `paging:` block: all strategies by their `type`."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import Field

from sources._rest.paging_base import NoPaging
from sources._rest.paging_counted import OffsetPaging, PageNumberPaging
from sources._rest.paging_directed import CursorPaging, LinkHeaderPaging, NextUrlPaging

PagingSettings: TypeAlias = Annotated[
    NoPaging | CursorPaging | NextUrlPaging | LinkHeaderPaging | OffsetPaging | PageNumberPaging,
    Field(discriminator="type"),
]
