"""Faults on demand: which requests are struck, and what with."""

from __future__ import annotations

import random
import shlex
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator


class FaultError(ValueError):
    """A fault that can't be understood."""


class Action(StrEnum):
    """What happens to a request that is struck."""

    #: Another answer: `status`, `body`, `retry_after`.
    STATUS = "status"
    #: The usual answer, `seconds` late. Delays add to whatever other fault strikes.
    DELAY = "delay"
    #: No answer; the connection is reset (TCP RST).
    RESET = "reset"
    #: No answer; the connection is closed (TCP FIN).
    CLOSE = "close"
    #: The usual answer, of which half the body comes before the connection is closed.
    TRUNCATE = "truncate"
    #: Bytes that are no HTTP.
    GARBAGE = "garbage"
    #: The usual answer, a byte at a time over `seconds`.
    DRIP = "drip"
    #: No answer until the client gives up.
    HANG = "hang"
    #: 200 with ``{"errors": [message]}``.
    ERRORS = "errors"


#: Those that give the usual answer in an unusual way: the lead is stored unless something else is said.
_AFTER = (Action.TRUNCATE, Action.DRIP)
#: What the first word of a fault on the command line sets, as in ``status=503`` or ``delay=2``.
_MAIN = {
    Action.STATUS: "status",
    Action.DELAY: "seconds",
    Action.DRIP: "seconds",
    Action.ERRORS: "message",
}


#: What HTTP allows as the text of a header.
_HEADER = r"^[!-~]([ -~]*[!-~])?$"


def _usually(action: Any) -> str:
    return "after" if action in _AFTER else "before"


class Fault(BaseModel):
    """One fault: an action, and the requests it is for. Conditions that are not given hold for all."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    action: Action
    #: Whether it strikes before or after the lead is stored: "after" and no answer is the case in which
    #: a sender can't know that the text went out. Before, but for truncate and drip.
    when: Literal["before", "after"] = "before"

    #: Only the nth request that the other conditions hold for, and those after it; 1 is the next one.
    nth: int = Field(1, ge=1)
    #: How many requests it strikes before it is spent; all when None.
    times: int | None = Field(None, ge=1)
    #: Strikes each of them with this probability, drawn from a generator with this seed.
    probability: float = Field(1.0, ge=0, le=1)
    seed: int = 0
    #: Only the lead with this id (externalID in the newer API).
    lead: str | None = None
    #: Only this department.
    department: str | None = None

    #: Of `status`.
    status: int = Field(500, ge=200, le=599)
    #: Of `status`: a small document of that kind.
    body: Literal["json", "html", "plain", "empty"] = "json"
    #: Of `status`: seconds, ``date+5`` for an HTTP date five seconds from now, or any text as it is.
    retry_after: Annotated[int, Field(ge=0)] | Annotated[str, Field(pattern=_HEADER)] | None = None
    #: Of `delay` and `drip`.
    seconds: float = Field(1.0, ge=0)
    #: Of `errors`.
    message: str = "the lead was refused"

    @model_validator(mode="before")
    @classmethod
    def _usual_moment(cls, given: Any) -> Any:
        return {"when": _usually(given.get("action")), **given} if isinstance(given, dict) else given

    @classmethod
    def read(cls, text: str) -> Fault:
        """Read ``status=503 times=2 body=html``, ``reset when=after lead=7`` and the like.

        Raises:
            FaultError: a word that is none of it, or a value that does not fit.
        """
        try:
            first, *words = shlex.split(text)
        except ValueError:
            raise FaultError(f'fault "{text}": expected ACTION or ACTION=VALUE, then NAME=VALUE …') from None
        action, _, value = first.partition("=")
        return faults_of([{"action": action, **_main(action, value), **_pairs(text, words)}])[0]

    def __str__(self) -> str:
        """Return it as `read` reads it, without what is as usual."""
        given = self.model_dump(mode="json", exclude_defaults=True) | {"when": self.when}
        if self.when == _usually(self.action):
            del given["when"]
        main = _MAIN.get(self.action)
        value = shlex.quote(str(getattr(self, main))) if main else ""
        first = f"{self.action.value}={value}" if main else self.action.value
        rest = (
            f"{name}={shlex.quote(str(value))}"
            for name, value in given.items()
            if name not in ("action", main)
        )
        return " ".join((first, *rest))


class ArmedFault:
    """A fault with its counts."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        #: Requests that its lead and department hold for.
        self.seen = 0
        #: Requests it struck.
        self.struck = 0
        self._random = random.Random(fault.seed)  # noqa: S311 - a chance that a seed repeats, no secret

    def strikes(self, lead: str, department: str, *, free: bool) -> bool:
        """Count a request, and say whether it is struck; one that is not free is only counted."""
        fault = self.fault
        if fault.lead not in (None, lead) or fault.department not in (None, department):
            return False
        self.seen += 1
        spent = fault.times is not None and self.struck >= fault.times
        if not free or self.seen < fault.nth or spent or self._random.random() >= fault.probability:
            return False
        self.struck += 1
        return True

    def as_data(self) -> dict[str, Any]:
        """Return it as JSON data: the fault as `faults_of` reads it, and its counts."""
        return {
            "fault": self.fault.model_dump(mode="json", exclude_unset=True),
            "text": str(self.fault),
            "seen": self.seen,
            "struck": self.struck,
        }


def strike(armed: list[ArmedFault], lead: str, department: str) -> list[Fault]:
    """Return what strikes a request: every delay that does, and the first of the others that does."""
    struck: list[Fault] = []
    decided = False
    for each in armed:
        is_delay = each.fault.action is Action.DELAY
        if each.strikes(lead, department, free=is_delay or not decided):
            struck.append(each.fault)
            decided = decided or not is_delay
    return struck


_LIST = TypeAdapter(list[Fault])


def faults_of(document: Any) -> list[Fault]:
    """Return the faults of a JSON document: a list of objects, or of texts that `Fault.read` reads.

    Raises:
        FaultError: with every problem at once.
    """
    if isinstance(document, list):
        document = [Fault.read(each) if isinstance(each, str) else each for each in document]
    try:
        return _LIST.validate_python(document)
    except ValidationError as error:
        problems = (_problem(each["loc"], each["type"], each["msg"]) for each in error.errors())
        raise FaultError("; ".join(problems)) from None


def _problem(where: tuple[int | str, ...], kind: str, message: str) -> str:
    """Return one problem in words: which fault, counted from 1, which setting, what is wrong."""
    position, *names = where or (0,)
    name = ".".join(map(str, names))
    if kind == "extra_forbidden":
        message = f"there is no such setting; the settings are {', '.join(Fault.model_fields)}"
    number = position + 1 if isinstance(position, int) else position
    return ": ".join(filter(None, (f"fault {number}", name, message)))


def _main(action: str, value: str) -> dict[str, str]:
    if action not in tuple(Action):
        raise FaultError(f'there is no fault "{action}"; the faults are {", ".join(Action)}')
    if not value:
        return {}
    if action not in _MAIN:
        raise FaultError(f'fault "{action}" takes no value')
    return {_MAIN[Action(action)]: value}


def _pairs(text: str, words: list[str]) -> dict[str, str]:
    pairs = [word.partition("=") for word in words]
    if wrong := [name for name, equals, _ in pairs if not equals]:
        raise FaultError(f'fault "{text}": expected NAME=VALUE, found "{wrong[0]}"')
    return {name: value for name, _, value in pairs}
