"""How this Hatch behaves: one named, switchable rule for everything, each with how well it is known.

Hatch documents the body of a lead and the newer API's schema; it documents no answer, limit or
matching rule of the Standard API. So nothing here is hidden in code: what is documented and what is
assumed stands beside each rule, and everything assumed can be switched to see whether a sender minds.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sync.sandbox._rule_values import RuleError, read_value, show_value
from sync.sandbox.limits import Rate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["Grade", "Rate", "RuleError", "Rules"]


class Grade(StrEnum):
    """How well a behaviour is known."""

    #: Hatch's own documentation or its published OpenAPI document says so.
    DOC = "documented"
    #: Public code of an integrator that was written against the real endpoint relies on it.
    CODE = "seen in integrators' code"
    #: Nobody says so in public; the default is the careful or the likely reading.
    ASSUMED = "assumed"


def _rule(default: Any, grade: Grade, doc: str, choices: tuple[str, ...] = ()) -> Any:
    return field(default=default, metadata={"grade": grade, "doc": doc, "choices": choices})


_STRICT = ("strict", "lenient")


@dataclass(frozen=True, slots=True)
class Rules:
    """Every rule with its default; an instance never changes."""

    types: str = _rule(
        "strict",
        Grade.ASSUMED,
        "Standard API: the documented properties must be JSON strings. Strict answers 400 to a number or "
        "null; lenient writes numbers as text and takes null for absent, as a sender of numeric ids needs.",
        _STRICT,
    )
    timestamps: str = _rule(
        "strict",
        Grade.DOC,
        "Standard API: strict takes only the documented 2020-01-02T15:04:05-0700 and answers 400 to the "
        "rest; lenient takes RFC 3339 (Z, -07:00) too. The format is documented, the refusal is assumed.",
        _STRICT,
    )
    content_type: str = _rule(
        "strict",
        Grade.DOC,
        "Standard API: strict wants Content-Type application/json and answers 400 to another. The header "
        "is documented, the refusal is assumed.",
        _STRICT,
    )
    phone: str = _rule(
        "any",
        Grade.ASSUMED,
        "Which phoneNumber is taken: any text, or only what Hatch's own library can read as a US number.",
        ("any", "us"),
    )
    success: str = _rule(
        "data_true",
        Grade.CODE,
        'Standard API: how a lead is acknowledged: 200 {"data":true}, an empty 204, or 200 {"success":true}.',
        ("data_true", "no_content", "success_true"),
    )
    dedup: str = _rule(
        "match",
        Grade.ASSUMED,
        "Whether a lead is matched to a contact by phone, then e-mail. Documented for /v1/contacts, "
        "assumed for the Standard API; none is the pessimistic reading: every POST makes a contact and "
        "a text.",
        ("match", "none"),
    )
    text_on_update: bool = _rule(
        default=False,
        grade=Grade.ASSUMED,
        doc="Whether an update of an opportunity that is known launches the campaign, and so a text, again.",
    )
    flatten_joiner: str = _rule(
        ".",
        Grade.ASSUMED,
        "What joins the names of a nested custom property. That it is flattened is documented, how is not.",
    )
    rate_limit: Rate = _rule(  # noqa: RUF009 - a field, and Rate is frozen
        Rate(0, 0),
        Grade.ASSUMED,
        "Standard API: requests per key in a sliding window, as in 100/10s, beyond which the answer is "
        "429; or off.",
    )
    v1_rate_limit: Rate = _rule(  # noqa: RUF009 - the same
        Rate(100, 10),
        Grade.DOC,
        "/v1/contacts: requests per key in a sliding window beyond which the answer is 429; or off. The "
        "number is documented, that it counts per key is assumed.",
    )
    retry_after: bool = _rule(
        default=False,
        grade=Grade.ASSUMED,
        doc="Whether a 429 of a rate limit says in Retry-After how many seconds to wait.",
    )
    body_limit: int = _rule(
        1_048_576,
        Grade.ASSUMED,
        "Bytes of a body beyond which the answer is 413.",
    )
    v1_sources: str = _rule(
        "registered",
        Grade.DOC,
        "/v1/contacts: whether source must be one of the registered custom sources, or may be any text. "
        "The demand is documented, its 422 text is assumed.",
        ("registered", "any"),
    )

    def but(self, changes: Mapping[str, Any]) -> Rules:
        """Return these rules with some changed; a value may be text as on the command line.

        Raises:
            RuleError: a name that is none, or a value that the rule does not have.
        """
        known = {each.name: each for each in fields(self)}
        for name in changes:
            if name not in known:
                raise RuleError(_unknown(name, known))
        return replace(self, **{name: read_value(known[name], value) for name, value in changes.items()})

    def described(self) -> list[dict[str, Any]]:
        """Return every rule as data for people: name, value, default, choices, grade, doc."""
        return [
            {
                "name": each.name,
                "value": show_value(getattr(self, each.name)),
                "default": show_value(each.default),
                "choices": list(each.metadata["choices"]),
                "grade": each.metadata["grade"].value,
                "doc": each.metadata["doc"],
            }
            for each in fields(self)
        ]


def _unknown(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, known, n=1)
    hint = f' (did you mean "{near[0]}"?)' if near else ""
    return f'there is no rule "{name}"{hint}; the rules are {", ".join(known)}'
