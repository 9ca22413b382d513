"""Dataverse's Web API as its reference and recorded answers have it: one environment, with its limits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Final
from urllib.parse import quote, unquote, urlsplit

from tests.doubles.base import Asked, Double, FakeClock, Limit, Reply, route
from tests.doubles.dynamics_odata import Filter, ODataError, comparable, no_column
from tests.doubles.dynamics_tables import contacts, id_of, leads
from tests.doubles.entra import Entra

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.doubles.dynamics_tables import Entity

__all__ = ["RESOURCE", "DynamicsDouble", "error"]

RESOURCE: Final = "https://contoso.crm.dynamics.com"
_ROOT: Final = "/api/data/v9.2"
_LARGEST: Final = 5_000
_FORMATTED: Final = "OData.Community.Display.V1.FormattedValue"
_REQUESTS: Final = "Number of requests exceeded the limit of 6000 over time window of 300 seconds."


def error(status: int, code: str, message: str, **headers: str) -> Reply:
    """Return an error as the Web API writes it."""
    return Reply({"error": {"code": code, "message": message}}, status=status, headers=headers)


@dataclass
class _Behind:
    """The rest of a query: what comes behind a row, as it then is."""

    entity: Entity
    options: dict[str, str]
    order: tuple[Any, ...]
    number: int


class DynamicsDouble(Double):
    """An environment, and the directory whose tokens it takes."""

    vendor: ClassVar[str] = "dynamics"

    def __init__(self, *entities: Entity, clock: FakeClock | None = None) -> None:
        super().__init__(clock)
        self.entities = {each.entity_set: each for each in entities or (leads(), contacts())}
        self.entra = Entra(self.clock, RESOURCE)
        self.limit = Limit(6_000, 300)
        #: A privilege that the user lacks, as in prvReadLead.
        self.lacks = ""
        self.is_member = True
        self.compares_ids = True
        #: Whether every page is the first.
        self.loops = False
        self._behind: dict[str, _Behind] = {}

    def put(self, table: str, number: int, changed: datetime | None, **fields: Any) -> str:
        """Write a row, new or changed, and return its id."""
        entity = self.entities[table]
        key = id_of(number, entity.logical)
        row = entity.rows.setdefault(key, {**dict.fromkeys(entity.columns), "statecode": 0})
        row.update({entity.id: key, "modifiedon": changed, **fields})
        return key

    def forget_links(self) -> None:
        """Take no link to a next page any more."""
        self._behind.clear()

    def refusal(self, asked: Asked) -> Reply | None:
        if not asked.path.startswith(_ROOT):
            return None
        if not self.entra.knows(asked.headers.get("authorization", "")):
            where = f'Bearer authorization_uri="https://login.microsoftonline.com", resource_id="{RESOURCE}/"'
            return Reply(status=401, headers={"WWW-Authenticate": where})
        if self.limit.is_over(self.clock.monotonic()):
            return error(429, "0x80072322", _REQUESTS, **{"Retry-After": "40"})
        if not self.is_member:
            return error(403, "0x80072560", "The user is not a member of the organization.")
        return None

    @route("POST", r"/([^/]+)/oauth2/v2\.0/token")
    def token(self, asked: Asked, tenant: str) -> Reply:
        return self.entra.token(asked, tenant)

    @route("GET", r"/[^/]+/oauth2/v2\.0/authorize")
    def page(self, asked: Asked) -> Reply:
        return self.entra.page(asked)

    @route("GET", rf"{_ROOT}/EntityDefinitions")
    def definitions(self, asked: Asked) -> dict[str, Any]:
        options = _options(asked.target)
        told = [each.definition() for each in self.entities.values()]
        if "$filter" in options:
            names = dict.fromkeys(("EntitySetName", "LogicalName"), "StringType")
            passes = Filter(options["$filter"], "EntityMetadata", names, compares_ids=False).parse()
            told = [each for each in told if passes(each)]
        wanted = [*options["$select"].split(","), "MetadataId"]
        wanted += ["Attributes"] if options.get("$expand", "").startswith("Attributes(") else []
        return {"value": [{name: each[name] for name in wanted if name in each} for each in told]}

    @route("GET", rf"{_ROOT}/([A-Za-z_]\w*)")
    def rows(self, asked: Asked, name: str) -> Reply:
        entity = self.entities.get(name)
        if entity is None:
            return error(404, "0x8006088a", f"Resource not found for the segment '{name}'.")
        if self.lacks:
            return error(403, "0x80040220", _denial(self.lacks, entity.logical))
        try:
            return self._page(asked, entity)
        except ODataError as refused:
            return error(400, "0x80060888" if "property named" in str(refused) else "0x0", str(refused))

    def _page(self, asked: Asked, entity: Entity) -> Reply:
        behind = self._behind.get(asked.target)
        if "$skiptoken" in asked.target and behind is None:
            raise ODataError("Malformed XML in the Paging Cookie.")
        options = behind.options if behind else _options(asked.target)
        if set(options) - {"$select", "$filter", "$orderby", "$top"}:
            raise ODataError("Skip Clause is not supported in CRM")
        found = self._found(entity, options)
        if behind is not None and not self.loops:
            found = [row for row in found if _order(entity, options, row) > behind.order]
        size = min(_size(asked), int(options.get("$top", _LARGEST)))
        shown, number = found[:size], behind.number if behind else 1
        answer: dict[str, Any] = {"@odata.context": f"{self.url(_ROOT)}/$metadata#{entity.entity_set}"}
        answer["value"] = [_shown(entity, options, row, asked.headers.get("prefer", "")) for row in shown]
        if len(found) > size and "$top" not in options:
            rest = _Behind(entity, options, _order(entity, options, shown[-1]), number + 1)
            answer["@odata.nextLink"] = self.url(self._link(rest, "" if self.loops else shown[-1][entity.id]))
        return Reply(answer, headers={"OData-Version": "4.0"})

    def _found(self, entity: Entity, options: Mapping[str, str]) -> list[dict[str, Any]]:
        found = list(entity.rows.values())
        if "$filter" in options:
            text = options["$filter"]
            passes = Filter(text, entity.logical, entity.columns, compares_ids=self.compares_ids).parse()
            found = [row for row in found if passes(row)]
        _order(entity, options, dict.fromkeys(entity.columns))  # refuses unknown names, without rows as well
        found.sort(key=lambda row: _order(entity, options, row))
        if "$orderby" in options and options["$orderby"].endswith(" desc"):
            found.reverse()
        return found

    def _link(self, rest: _Behind, last: str) -> str:
        """Return the address of a next page, with a cookie that is encoded twice, as Dataverse has it."""
        cookie = f'<cookie page="{rest.number - 1}"><{rest.entity.id} last="{{{last.upper()}}}" /></cookie>'
        inner = quote(quote(cookie, safe=""), safe="").replace("%3C", "%3c")
        outer = f'<cookie pagenumber="{rest.number}" pagingcookie="{inner}" istracking="False" />'
        token = quote(outer, safe='="/%').replace('"', "%22")
        said = "&".join(f"{name}={quote(text, safe='$(),:=')}" for name, text in rest.options.items())
        target = f"{_ROOT}/{rest.entity.entity_set}?{said}&$skiptoken={token}"
        self._behind[target] = rest
        return target


def _options(target: str) -> dict[str, str]:
    """Return the query options. A plus sign is one, and no space."""
    pieces = (piece.partition("=") for piece in urlsplit(target).query.split("&") if piece)
    return {unquote(name): unquote(text) for name, _, text in pieces}


def _size(asked: Asked) -> int:
    told = re.search(r"odata\.maxpagesize=(\d+)", asked.headers.get("prefer", ""))
    size = int(told[1]) if told else _LARGEST
    return min(size, _LARGEST)  # a wish for more is ignored


def _order(entity: Entity, options: Mapping[str, str], row: Mapping[str, Any]) -> tuple[Any, ...]:
    names = [each.split(" ")[0] for each in options.get("$orderby", entity.id).split(",")]
    for name in names:
        if name not in entity.columns:
            raise no_column(name, entity.logical)
    there = ((entity.columns[each], row[each]) for each in names)
    return tuple((False, "") if value is None else (True, comparable(kind, value)) for kind, value in there)


def _shown(entity: Entity, options: Mapping[str, str], row: Mapping[str, Any], prefer: str) -> dict[str, Any]:
    wanted = options["$select"].split(",") if "$select" in options else list(entity.columns)
    shown: dict[str, Any] = {"@odata.etag": 'W/"72201545"'}
    for name in dict.fromkeys([*wanted, entity.id]):
        column = name if name in entity.columns else f"_{name}_value"
        if column not in entity.columns:
            raise no_column(name, entity.logical)
        value, text = row[column], entity.texts.get(column, {}).get(row[column])
        if text is not None and _FORMATTED in prefer:
            shown[f"{column}@{_FORMATTED}"] = text
        shown[column] = value.strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(value, datetime) else value
    return shown


def _denial(privilege: str, entity: str) -> str:
    return (
        f"Principal user (Id={id_of(1, 'user')}, type=8, roleCount=1, privilegeCount=420, accessMode='4 "
        f"Non-interactive'), is missing {privilege} privilege (Id={id_of(1, privilege)}) on OTC=4 for entity "
        f"'{entity}' (LocalizedName='{entity.title()}'). context.Caller={id_of(1, 'user')}. Consider adding "
        "missed privilege to one of the principal (user/team) roles."
    )
