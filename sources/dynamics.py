"""Microsoft Dynamics 365 (Dataverse): leads, contacts, or any other table of an environment.

crm:
  type: dynamics
  url: https://contoso.crm.dynamics.com
  tenant: ${ENTRA_TENANT}
  client_id: ${ENTRA_CLIENT_ID}
  client_secret: ${ENTRA_CLIENT_SECRET}

It goes by position: in the order of `modifiedon` and id, inclusive at the time of the position. A record that
is deleted is not seen to be: it only stops to change.
"""

from __future__ import annotations

from contextlib import aclosing
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from sources._crm.access import Surroundings
from sources._crm.items import records_of
from sources._dynamics.asking import Asking
from sources._dynamics.environment import Environment
from sources._dynamics.odata import MODIFIED
from sources._dynamics.records import time_of
from sources._dynamics.settings import DynamicsSettings
from sources._microsoft.entra import flow_of
from sources._wording import counted, listed
from sources.base import Page, PollRequest, Position, Record, SourceContext, SourceSettings
from sources.errors import BadConfig
from sources.http import Clock, SystemClock

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Collection, Sequence

    from sources._dynamics.tables import Schema
    from sources.oauth import OAuthFlow

__all__ = ["Dynamics", "DynamicsSettings"]


class Dynamics:
    """Reads the rows of one table of Microsoft Dynamics 365 (Dataverse), in the order in which they changed.

    A record holds the columns that the mapping reads, each under its logical name; a lookup under
    ``_ownerid_value``. A choice is a number, and its text stands beside it under ``statuscode@text``.

    Args:
        settings: see `DynamicsSettings`.
        context: where it runs.
        clock: time, for tests.

    """

    name: ClassVar[str] = "dynamics"
    Settings: ClassVar[type[SourceSettings]] = DynamicsSettings
    #: Rows get their time when they are written and can be read when their transaction ends; Dataverse
    #: gives one two minutes.
    default_lookback: ClassVar[timedelta] = timedelta(minutes=5)
    identity: ClassVar[tuple[str, ...]] = ("url", "base_url", "table", "key")

    def __init__(
        self, settings: DynamicsSettings, context: SourceContext, clock: Clock | None = None
    ) -> None:
        self._settings = settings
        self._around = Surroundings(context, clock or SystemClock(), settings.timeout)
        self._environment = Environment(settings, self._around)
        self._asking = Asking(self._environment, settings)

    async def poll(self, request: PollRequest) -> AsyncGenerator[Page, None]:
        """Yield pages of what changed since the request's position, oldest first; each carries one.

        Raises:
            RateLimited: one of the three service protection limits is reached; says which.
            Denied: the app is not let in, or lacks a privilege, which is named.
            BadConfig: the table or a column is not there; names the closest.
            Unavailable: no sensible answer.

        """
        follower, first = await self._asking.begun(request)
        async with aclosing(follower.pages(first)) as pages:
            async for page in pages:
                yield page

    async def check(self) -> str:
        """Look at the table and ask for its newest record, and say what was found.

        Raises:
            SourceError: as `poll`.

        """
        schema = await self._environment.schema()
        if MODIFIED not in schema.columns:
            text = f"{schema.table.logical} has no {MODIFIED}, so nobody can say what of it has changed"
            raise BadConfig(text, "table")
        newest = await self._asking.newest()
        at = time_of(newest.rows[0].get(MODIFIED)) if newest.rows else None
        found = f"the newest of {at:%Y-%m-%d %H:%M} UTC" if at else "no record"
        columns = counted(len(schema.columns), "column")
        return f"{self._settings.base}: {schema.table.entity_set} with {columns}, {found}{_unseen(schema)}"

    async def latest(self) -> Position | None:
        """Return Dataverse's own present; where it does not tell the time, that of its newest record.

        Raises:
            SourceError: as `poll`.

        """
        newest = await self._asking.newest()
        if newest.answer.server_time is not None:
            return Position(newest.answer.server_time)
        at = time_of(newest.rows[0].get(MODIFIED)) if newest.rows else None
        return Position(min(at, self._around.clock.now())) if at else None

    async def fetch(self, keys: Collection[str]) -> Sequence[Record]:
        """Return the records of these keys that are there, with all columns and whatever their state.

        Raises:
            SourceError: as `poll`.

        """
        rows = await self._asking.rows()
        return records_of(await self._asking.by_key(keys), rows.record)[0]

    async def fields(self) -> Sequence[str]:
        """Return the columns of the table, and the names of the texts beside them.

        Raises:
            SourceError: as `poll`.

        """
        return (await self._environment.schema()).names

    def authorization(self) -> OAuthFlow:
        """Return how a person lets our app in.

        Raises:
            BadConfig: when the settings give another way in.

        """
        return flow_of(self._settings, self._around, self._settings.url)

    async def close(self) -> None:
        """Give back connections."""
        await self._environment.close()


def _unseen(schema: Schema) -> str:
    """Return what to say of columns that may come empty, where nothing else would tell."""
    if not schema.secured:
        return ""
    which = listed(schema.secured)
    return f"; empty or masked, unless a column security profile lets this user read it: {which}"
