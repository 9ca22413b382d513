"""What happens in the demo, in its order; every number it tells is looked up, and has to be right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from demo import crm, orders, telling, walk_ins
from demo.stage import COMMAND_SHOWN, DemoFailed

if TYPE_CHECKING:
    from pathlib import Path

    from demo.stage import Hatch, Project

#: What connector.yaml calls these files, in the project's directory.
_ORDERS, _WALK_INS = "data/orders.db", "data/walk-ins.xlsx"
#: All but two that the CRM calls lost, one whose number is too short, a test order, one without an address.
FIRST_LEADS = crm.COUNT - 3 + orders.COUNT - 1 + walk_ins.COUNT - 1
#: Two of the CRM, one of the order desk, two of the walk-ins.
CHANGED_LEADS = 5
_OTHER_SERVICE, _MENDED_PHONE = 703, "(804) 555-0108"
_NEW_ORDER, _TOUCHED = 5031, range(5001, 5011)
_OTHER_INTEREST, _LEFT_LATER = "W-4", "visitor@example.com"


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody who takes part."""

    hatch: Hatch
    crm: crm.Crm
    project: Project
    #: When the demo began, an aware datetime.
    began: datetime

    @property
    def orders(self) -> Path:
        """The database of the order desk."""
        return self.project.directory / _ORDERS

    @property
    def walk_ins(self) -> Path:
        """The workbook."""
        return self.project.directory / _WALK_INS


def play(cast: Cast) -> None:
    """Play all of it.

    Raises:
        DemoFailed: when something does not go as the demo says.

    """
    _introduce(cast)
    _first_sync(cast)
    _nothing_new(cast)
    _changes(cast)
    _look(cast)
    _next()


def _introduce(cast: Cast) -> None:
    orders.make(cast.orders, cast.began)
    walk_ins.save(cast.walk_ins, walk_ins.rows(cast.began))
    telling.title("A company with three systems")
    telling.item("crm", f"{crm.COUNT} leads behind an HTTP API, {crm.PAGE_SIZE} a page, at {cast.crm.url}")
    telling.item("orders", f"{orders.COUNT} rows of a SQLite table, in {_ORDERS}")
    telling.item("walk_ins", f"{walk_ins.COUNT} rows of an Excel workbook, in {_WALK_INS}")
    telling.item("Hatch", f"a sandbox on this machine; its page of contacts is {cast.hatch.url}")
    telling.say(
        f"Everybody here is made up, and nobody is texted. The files are in {cast.project.shown}: "
        "connector.yaml says what is read and where it goes, mappings/ what becomes of a record."
    )
    cast.project.call("check")


def _first_sync(cast: Cast) -> None:
    telling.title("Send what is there")
    telling.say(
        "Each record becomes a lead, and each lead is one request: Hatch would text every one of these "
        "people at once. What can't be a lead is set aside, and the others go on."
    )
    cast.project.call("sync", expect=1)
    _prove(cast, leads=FIRST_LEADS)
    telling.blank()
    telling.say("Who was set aside, and why:")
    cast.project.call("leads")


def _nothing_new(cast: Cast) -> None:
    telling.title("Once more, with nothing changed")
    telling.say("What was accepted is remembered. A second sync has nothing to send, so it texts nobody.")
    cast.project.call("sync")
    _prove(cast, leads=FIRST_LEADS)


def _changes(cast: Cast) -> None:
    telling.title("Change a few")
    _change_crm(cast)
    _change_orders(cast)
    _change_walk_ins(cast)
    telling.say(f"So {CHANGED_LEADS} leads say something new, and {len(_TOUCHED)} have changed and do not.")
    before = cast.hatch.stats()["requests"]
    cast.project.call("sync")
    arrived = cast.hatch.leads_after(before)
    _prove(cast, leads=FIRST_LEADS + CHANGED_LEADS)
    telling.blank()
    telling.say("These are what arrived just now, and nobody else:")
    for lead in sorted(arrived, key=lambda lead: str(lead["id"])):
        reached = lead.get("phoneNumber") or lead["email"]
        about = lead.get("service") or lead["interest"]
        telling.item(lead["id"], f"{lead['firstName']} {lead['lastName']}, {reached}: {about}")


def _change_crm(cast: Cast) -> None:
    now = datetime.now(UTC)
    cast.crm.change(_OTHER_SERVICE, now, service="a skylight")
    cast.crm.change(crm.SHORT_PHONE, now, phone=_MENDED_PHONE)
    telling.item(
        "crm",
        f"lead {_OTHER_SERVICE} wants another service; the phone number of {crm.SHORT_PHONE} is completed",
    )


def _change_orders(cast: Cast) -> None:
    now = datetime.now(UTC)
    orders.add(cast.orders, _NEW_ORDER, orders.NEWCOMER, now)
    orders.touch(cast.orders, _TOUCHED, now)
    telling.item(
        "orders",
        f"order {_NEW_ORDER} comes in; a job gives {len(_TOUCHED)} others a new updated_at, nothing else",
    )


def _change_walk_ins(cast: Cast) -> None:
    rows = {row["Lead ID"]: row for row in walk_ins.rows(cast.began)}
    rows[_OTHER_INTEREST]["Interested in"] = "a porch"
    rows[walk_ins.UNREACHABLE]["E-mail"] = _LEFT_LATER
    walk_ins.save(cast.walk_ins, list(rows.values())[::-1])
    telling.item(
        "walk_ins",
        f"{_OTHER_INTEREST} now wants a porch; {walk_ins.UNREACHABLE} leaves an e-mail address; and the "
        "list is saved in the opposite order",
    )


def _look(cast: Cast) -> None:
    telling.title("See how things stand")
    cast.project.call("status")
    telling.blank()
    telling.say("And what happened to one lead, by its phone number, e-mail address or id:")
    cast.project.call(f"trace {orders.NEWCOMER.phone}")


def _next() -> None:
    telling.title("Your own")
    telling.item(
        "begin", f"`{COMMAND_SHOWN} init my-leads` writes a connector.yaml, and a mapping for each source"
    )
    telling.item("fill in", "README.md goes through both; mappings/README.md teaches the mapping language")
    telling.item("look", "`leadrelay check`, `preview` and `plan` show what would be sent before anything is")
    telling.item("send", "`leadrelay sync` once, or `leadrelay run` on schedule")
    telling.blank()


def _prove(cast: Cast, *, leads: int) -> None:
    """Say how many leads Hatch has taken, and that each said something new.

    Raises:
        DemoFailed: when it has taken more or less.

    """
    stats = cast.hatch.stats()
    if (stats["accepted"], stats["identical_bodies"]) != (leads, 0):
        raise DemoFailed(
            f"Hatch took {stats['accepted']} leads, {stats['identical_bodies']} of them twice; "
            f"expected {leads}, each once"
        )
    telling.good(f"Hatch has taken {leads} leads in all, and none of them twice.")
