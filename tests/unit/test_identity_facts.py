"""What tells one source or endpoint from another: what counts, what does not, and no secret in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from pydantic import SecretStr

from sources.base import HasIdentity, SourceSettings
from sources.microsoft_excel import MicrosoftExcel
from sources.rest import Rest
from sources.spreadsheet import Spreadsheet
from sources.sql import Sql
from sync.config._config import EndpointConfig, SourceConfig
from sync.endpoints import endpoint_types
from sync.located_yaml import Mark
from sync.runtime.identity import endpoint_facts, source_facts
from tests.doubles.entra import APP

if TYPE_CHECKING:
    from sync.store.identities import Facts

HERE = Path("/srv/leads")
MARK = Mark("connector.yaml", 1, 1)
SQL = {"url": "postgresql://me:hush@db.example.com:5433/shop?sslmode=require", "table": "leads", "key": "id"}


def facts(adapter: Any, **given: Any) -> Facts:
    settings = adapter.Settings(**given)
    made = SourceConfig("crm", adapter.name, adapter, None, settings, None, "default", MARK)  # type: ignore[arg-type]
    return source_facts(made, HERE)


def account(kind: str, **given: Any) -> Facts:
    adapter = endpoint_types()[kind]
    return endpoint_facts(EndpointConfig("default", kind, adapter, adapter.Settings(**given), MARK))


def test_a_database_is_its_address_without_credentials() -> None:
    found = facts(Sql, **SQL, cursor="updated_at", timeout="9s")
    assert found == {
        "type": "sql",
        "endpoint": "default",
        "url": "postgresql://db.example.com:5433/shop",
        "schema": None,
        "table": "leads",
        "query": None,
        "key": "id",
    }


@pytest.mark.parametrize(
    "other",
    [
        {"url": "postgresql+psycopg://you:other@db.example.com:5433/shop"},
        {"url": "postgres://them@db.example.com:5433/shop"},
        {"cursor": "updated_at"},
        {"timeout": "9s"},
    ],
)
def test_how_a_database_is_read_does_not_count(other: dict[str, Any]) -> None:
    assert facts(Sql, **{**SQL, **other}) == facts(Sql, **SQL)


def test_a_long_query_is_known_by_a_digest_and_its_white_space_does_not_count() -> None:
    query = "select id, name from leads where status <> 'test' and deleted_at is null order by id"
    long, spaced, other = (
        facts(Sql, url="sqlite:///shop.db", query=text, key="id")["query"]
        for text in (query, query.replace(" ", "\n   "), query.replace("test", "won"))
    )
    assert long == spaced
    assert long != other
    assert str(long).startswith("query#")


def test_a_file_is_its_place_below_the_project() -> None:
    paths = ("leads.csv", "./data/../leads.csv", "/srv/leads/leads.csv")
    assert {facts(Spreadsheet, path=path, key=["a", "b"])["path"] for path in paths} == {"leads.csv"}
    assert facts(Spreadsheet, path="/mnt/leads.csv", key="id")["path"] == "/mnt/leads.csv"
    assert facts(Spreadsheet, path="leads.csv", key=["a", "b"])["key"] == "a, b"
    assert facts(Sql, url="sqlite:////srv/leads/shop.db", table="t", key="id")["url"] == "sqlite:///shop.db"


@pytest.mark.parametrize(
    ("address", "same", "other"),
    [
        (
            "https://contoso.sharepoint.com/sites/Sales/_layouts/15/Doc.aspx?sourcedoc=%7B8F6A%7D&action=edit",
            "https://contoso.sharepoint.com/sites/Sales/_layouts/15/Doc.aspx?action=view&sourcedoc={8F6A}",
            "https://contoso.sharepoint.com/sites/Sales/_layouts/15/Doc.aspx?sourcedoc=%7B9B7C%7D&action=edit",
        ),
        (
            "https://docs.example.com/d/e/1Ab/pub?gid=0&single=true&output=csv",
            "https://docs.example.com/d/e/1Ab/pub?output=csv&gid=0",
            "https://docs.example.com/d/e/1Ab/pub?gid=77&single=true&output=csv",
        ),
    ],
)
def test_p5_another_document_by_the_query_of_an_address_is_another_source(
    address: str, same: str, other: str
) -> None:
    one, again, another = (
        facts(MicrosoftExcel, **APP, workbook=each, key="id")["workbook"] for each in (address, same, other)
    )
    assert one == again != another
    assert "8F6A" not in str(one)


@pytest.mark.parametrize("adapter", [Spreadsheet, Rest])
def test_a_web_address_shows_its_host_only(adapter: Any) -> None:
    name = "url" if adapter is Rest else "path"
    one, tokens, other = (
        facts(adapter, **{name: f"https://docs.example.com/d/{rest}"}, key="id")[name]
        for rest in ("s3cr3t/export?token=a", "s3cr3t/export?token=b", "another/export")
    )
    assert one == tokens, "what comes after the question mark may be a key that is renewed"
    assert one != other
    assert str(one).startswith("docs.example.com#")
    assert "s3cr3t" not in str(one)


class Named:
    """An adapter that says which settings tell it."""

    class Settings(SourceSettings):
        """Its settings."""

        account: str
        key: str = "id"
        token: SecretStr = SecretStr("")

    name: ClassVar[str] = "named"
    identity: ClassVar[tuple[str, ...]] = ("account",)


def test_an_adapter_may_say_what_tells_it() -> None:
    assert isinstance(Named, HasIdentity)
    found = facts(Named, account="7", token="hush")
    assert found == {"type": "named", "endpoint": "default", "account": "7"}


def test_a_secret_is_never_shown_even_where_an_adapter_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Named, "identity", ("token",))
    found = facts(Named, account="7", token="hush")
    assert "hush" not in str(found)
    assert str(found["token"]).startswith("token#")


def test_an_endpoint_is_its_type_its_account_and_its_server() -> None:
    common = {"api_key": "hush", "source": "us"}
    assert account("hatch", department_id="7", **common, timeout="9s") == {
        "type": "hatch",
        "department_id": "7",
        "base_url": "app.usehatchapp.com",
    }
    assert account("hatch_v1", **common)["type"] == "hatch_v1"
    hook = account("http", url="https://hooks.example.com/s3cr3t", headers={"Authorization": "hush"})
    assert "s3cr3t" not in str(hook)
    assert str(hook["url"]).startswith("hooks.example.com#")
