"""A token that may not do what is asked is not kept for its whole life: a newer one may be allowed it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sources.errors import Denied
from sources.rest import Rest
from sync.config import load_config
from sync.events import Events
from sync.runtime.connector import open_connector
from sync.runtime.polling import Polled, poll
from sync.runtime.stopping import Stop
from tests.doubles.base import Asked, Reply, route, running
from tests.renewal_scene import Plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sync.runtime.connector import Connector

CONNECTOR = """endpoint:
  type: hatch
  department_id: "12345678"
  api_key: made-up
  source: my_company
state: sqlite:///state.db
sources:
  crm:
    type: rest
    url: {url}
    key: id
    auth:
      type: oauth2_client_credentials
      token_url: {tokens}
      client_id: us
      client_secret: app-made-up
    mapping: crm.yaml
    first_sync: everything
"""


class Scoped(Plain):
    """An API that grants each token what is allowed at that moment, and no more later."""

    allowed = False

    def __init__(self) -> None:
        super().__init__()
        self.granted: dict[str, bool] = {}

    @route("POST", "/token")
    def token(self, asked: Asked) -> Any:
        said = super().token(asked)
        self.granted[said["access_token"]] = self.allowed
        return said

    @route("GET", "/v1/contacts")
    def contacts(self, asked: Asked) -> Any:
        may = self.granted[asked.headers["authorization"].removeprefix("Bearer ")]
        return super().contacts(asked) if may else Reply({"error": "insufficient scope"}, status=403)


@contextmanager
def connected(directory: Path, double: Scoped) -> Iterator[Connector]:
    text = CONNECTOR.format(url=double.url("/v1/contacts"), tokens=double.url("/token"))
    (directory / "connector.yaml").write_text(text, encoding="utf-8")
    (directory / "crm.yaml").write_text("lead:\n  firstName: name\n  phoneNumber: phone\n", encoding="utf-8")
    config = load_config(directory / "connector.yaml", {})
    made: Callable[..., Any] = lambda settings, context: Rest(settings, context, double.clock)  # noqa: E731
    crm = replace(config.sources["crm"], adapter=made)  # type: ignore[arg-type]
    with open_connector(replace(config, sources={"crm": crm}), Events([])) as connector:
        yield connector


async def polled(connector: Connector) -> Polled:
    return await poll(connector, connector.config.sources["crm"], Stop())


async def test_a_permission_that_a_person_adds_is_had_within_two_minutes(tmp_path: Path) -> None:
    async with running(Scoped()) as double:
        with connected(tmp_path, double) as connector:
            assert isinstance((await polled(connector)).cause, Denied)
            double.allowed = True
            double.clock.slept.append(110)
            assert isinstance((await polled(connector)).cause, Denied)
            assert len(double.asked("/token")) == 1, (
                "a source that denies us is not asked for tokens all the time"
            )
            double.clock.slept.append(11)
            found = await polled(connector)
            assert (found.cause, len(double.asked("/token"))) == (None, 2)
            double.clock.slept.append(3000)
            await polled(connector)
            assert len(double.asked("/token")) == 2, "what is good for an hour is kept for it again"
