"""The newer API: ``POST`` and ``PUT /v1/contacts``.

Source: Hatch's OpenAPI document (schema UpsertContactParams, responses 200 and 422). It is made by
OpenApiSpex, whose cast rules give the pointers and texts of the schema errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sync.sandbox.arrival import JSON, Answer, Arrival, Refused, kind_of, object_of
from sync.sandbox.flatten import flatten
from sync.sandbox.identity import us_phone
from sync.sandbox.timestamps import is_iso8601

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sync.sandbox.rules import Rules

#: Property of this API → property of the Standard API, in the order in which errors are listed.
NAMES = {
    "email": "email",
    "externalContactID": "contactID",
    "externalCreatedAt": "createdAt",
    "externalID": "id",
    "externalUpdatedAt": "updatedAt",
    "firstName": "firstName",
    "lastName": "lastName",
    "phoneNumber": "phoneNumber",
    "source": "source",
    "status": "status",
}
_TIMES = ("externalCreatedAt", "externalUpdatedAt")

#: Hatch documents no such answer; this is the body that a Phoenix application gives by default.
UNAUTHORIZED = Answer.of(401, {"errors": {"detail": "Unauthorized"}}, "the bearer key is missing or unknown")
NOT_FOUND = Answer.of(404, {"errors": {"detail": "Not Found"}}, "no such path or method")
_BAD_REQUEST = Answer.of(400, {"errors": {"detail": "Bad Request"}}, "the body is not JSON")
TOO_LARGE = Answer.of(413, {"errors": {"detail": "Request Entity Too Large"}}, "the body is too large")


def accepted(contact: str) -> Answer:
    """Return what a stored lead is answered: the contact's id, whether it is new or not."""
    return Answer.of(200, {"data": {"id": contact}})


def too_many(headers: tuple[tuple[str, str], ...]) -> Answer:
    """Return the answer beyond the rate limit."""
    body = Answer.of(429, {"errors": {"detail": "Too Many Requests"}}).body
    return Answer(429, body, headers=headers, reason="the rate limit is reached")


def read(body: bytes, content_type: str | None, rules: Rules, sources: Collection[str]) -> Arrival:
    """Return the lead that a body says.

    Raises:
        Refused: 422 with every schema error at once, or with the first broken business rule.
    """
    _check_content_type(content_type)
    document = _document(body)
    _refuse_if(list(_schema_errors(document)))
    fields = {ours: document[theirs] for theirs, ours in NAMES.items() if theirs in document}
    _refuse_if(list(_business_errors(fields, rules, sources)))
    return Arrival(fields, flatten(document.get("details", {}), rules.flatten_joiner))


def _error(pointer: str, detail: str) -> dict[str, Any]:
    return {"title": "Invalid value", "source": {"pointer": pointer}, "detail": detail}


def _refuse_if(errors: list[dict[str, Any]]) -> None:
    if errors:
        reason = "; ".join(f"{error['source']['pointer']}: {error['detail']}" for error in errors)
        raise Refused(Answer.of(422, {"errors": errors}, reason))


def _check_content_type(content_type: str | None) -> None:
    if content_type is None:
        _refuse_if([_error("/", "Missing header: content-type")])
    elif content_type.partition(";")[0].strip().lower() != JSON:
        _refuse_if([_error("/", "Invalid value for header: content-type")])


def _document(body: bytes) -> dict[str, Any]:
    try:
        document = object_of(body)
    except ValueError:
        raise Refused(_BAD_REQUEST) from None
    if not isinstance(document, dict):
        _refuse_if([_error("/", _invalid("object", document))])
    return document  # type: ignore[no-any-return]


def _invalid(wanted: str, value: Any) -> str:
    if value is None:
        return f"null value where {wanted} expected"
    return f"Invalid {wanted}. Got: {kind_of(value)}"


def _schema_errors(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if not isinstance(document.get("details", {}), dict):
        yield _error("/details", _invalid("object", document["details"]))
    for name, value in ((name, document[name]) for name in NAMES if name in document):
        if value is None and name != "source":
            continue
        if not isinstance(value, str):
            yield _error(f"/{name}", _invalid("string", value))
        elif name in _TIMES and not is_iso8601(value):
            yield _error(f"/{name}", 'Invalid format. Expected :"date-time"')


def _business_errors(
    fields: dict[str, str | None], rules: Rules, sources: Collection[str]
) -> Iterator[dict[str, Any]]:
    """Yield what the schema can't say; Hatch states the demands, nobody the texts and pointers."""
    source, phone = fields.get("source") or "", (fields.get("phoneNumber") or "").strip()
    if not source.strip():
        yield _error("/source", "can't be blank")
    elif rules.v1_sources == "registered" and source not in sources:
        yield _error("/source", "is not one of the configured sources")
    if not phone and not (fields.get("email") or "").strip():
        yield _error("/phoneNumber", "phoneNumber or email can't be blank")
    elif rules.phone == "us" and phone and us_phone(phone) is None:
        yield _error("/phoneNumber", "is not a phone number")
