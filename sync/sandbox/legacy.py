"""The Standard API: ``POST /api/webhooks/{department}/newlead``, one flat JSON object per lead.

Source of the properties and the timestamp format: Hatch, "New Lead API (legacy)". Its statuses and
bodies are documented nowhere: 200 with ``{"data": true}`` and ``{"errors": ["text"]}`` satisfy every
client that is known to work against it, and are the envelope of Hatch's own Go framework.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from sync.sandbox.arrival import JSON, Answer, Arrival, Refused, kind_of, object_of
from sync.sandbox.flatten import as_text, flatten
from sync.sandbox.identity import us_phone
from sync.sandbox.timestamps import is_standard

if TYPE_CHECKING:
    from sync.sandbox.rules import Rules

TIMES = ("createdAt", "updatedAt")
#: The documented properties; anything else is a custom one.
FIELDS = ("source", "id", "contactID", "firstName", "lastName", "phoneNumber", "email", "status", *TIMES)

_SUCCESS = {
    "data_true": Answer.of(200, {"data": True}),
    "success_true": Answer.of(200, {"success": True}),
    "no_content": Answer(204, content_type=""),
}


def accepted(rules: Rules) -> Answer:
    """Return what a stored lead is answered."""
    return _SUCCESS[rules.success]


def refusal(status: int, message: str, *headers: tuple[str, str]) -> Answer:
    """Return ``{"errors": ["message"]}`` with a status."""
    answer = Answer.of(status, {"errors": [message]})
    return Answer(status, answer.body, headers=headers, reason=message)


def read(body: bytes, content_type: str, rules: Rules) -> Arrival:
    """Return the lead that a body says.

    Raises:
        Refused: a rule refuses it; the message names the property, never its value.
    """
    _check_content_type(content_type, rules)
    document = _object(body)
    given = {name: document[name] for name in FIELDS if name in document}
    fields = {name: text for name, value in given.items() if (text := _typed(name, value, rules)) is not None}
    _check_required(fields)
    _check_formats(fields, rules)
    custom = {name: value for name, value in document.items() if name not in given}
    # Whether "" counts as given is unknown; as "not included" it can't wipe what a contact has.
    filled = {name: text for name, text in fields.items() if text.strip()}
    return Arrival(filled, flatten(custom, rules.flatten_joiner))


def _refuse(message: str) -> NoReturn:
    raise Refused(refusal(400, message))


def _check_content_type(content_type: str, rules: Rules) -> None:
    if rules.content_type == "strict" and content_type.partition(";")[0].strip().lower() != JSON:
        _refuse("Content-Type must be application/json")


def _object(body: bytes) -> dict[str, Any]:
    try:
        document = object_of(body)
    except ValueError:
        _refuse("the body is not JSON")
    if not isinstance(document, dict):
        _refuse(f"the body must be a JSON object, not {kind_of(document)}")
    return document


def _typed(name: str, value: Any, rules: Rules) -> str | None:
    if isinstance(value, str):
        return value
    if rules.types == "lenient" and not isinstance(value, (dict, list)):
        return None if value is None else as_text(value)
    _refuse(f"{name} must be a string, not {kind_of(value)}")


def _check_required(fields: dict[str, str]) -> None:
    if not fields.get("source", "").strip():
        _refuse("source is required")
    if not fields.get("phoneNumber", "").strip() and not fields.get("email", "").strip():
        _refuse("phoneNumber or email is required")


def _check_formats(fields: dict[str, str], rules: Rules) -> None:
    for name in TIMES:
        if name in fields and not is_standard(fields[name], lenient=rules.timestamps == "lenient"):
            _refuse(f"{name} must be a timestamp like 2020-01-02T15:04:05-0700")
    phone = fields.get("phoneNumber", "").strip()
    if rules.phone == "us" and phone and us_phone(phone) is None:
        _refuse("phoneNumber must be a US phone number")
