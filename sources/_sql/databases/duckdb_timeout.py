"""An end to statements of DuckDB, which has no setting for it: they are interrupted from another thread."""

from __future__ import annotations

from threading import Timer
from typing import TYPE_CHECKING, Any

from sqlalchemy import event

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine, ExceptionContext

#: Where a connection's timer is kept.
_TIMER = "leadrelay_timer"


def ends_statements(engine: Engine, seconds: float) -> None:
    """Interrupt each statement that takes longer than this to give its first rows.

    While it runs the file is open, and nobody can write to it.
    """

    @event.listens_for(engine, "before_cursor_execute")
    def begin(connection: Any, cursor: Any, *_: Any) -> None:
        timer = connection.info[_TIMER] = Timer(seconds, cursor.interrupt)
        timer.daemon = True
        timer.start()

    @event.listens_for(engine, "after_cursor_execute")
    def done(connection: Any, *_: Any) -> None:
        connection.info.pop(_TIMER).cancel()

    @event.listens_for(engine, "handle_error")
    def failed(context: ExceptionContext) -> None:
        timer = context.connection.info.pop(_TIMER, None) if context.connection is not None else None
        if timer is not None:
            timer.cancel()
