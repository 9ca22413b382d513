"""Text of a fixed length, where a database fills it up with blanks that count when it is compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import cast
from sqlalchemy.types import UserDefinedType

if TYPE_CHECKING:
    from sqlalchemy import BindParameter, ColumnElement


class _Named(UserDefinedType[str]):
    cache_ok = True

    def __init__(self, name: str) -> None:
        self.name = name

    def get_col_spec(self, **_: Any) -> str:
        """Return the type as SQL writes it."""
        return self.name


class Padded(UserDefinedType[str]):
    """Has a parameter compared as text of a fixed length too: then blanks at the end of either don't count.

    The column itself stays as it is, so that its index serves.

    Args:
        name: the longest type of this sort, as SQL writes it.

    """

    cache_ok = True

    def __init__(self, name: str) -> None:
        self.name = name

    def bind_expression(self, bindvalue: BindParameter[str]) -> ColumnElement[str]:
        """Return the parameter as such text."""
        return cast(bindvalue, _Named(self.name))
