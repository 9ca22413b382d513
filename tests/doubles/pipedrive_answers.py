"""The words of Pipedrive: leads as v1 has them, persons as v2 has them, pages and refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.rest_server import Reply

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime


def milliseconds(at: datetime) -> str:
    """Return a time as leads have it."""
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


def seconds(at: datetime) -> str:
    """Return a time as v2 has it."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def lead(key: str, changed: datetime, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return a lead; custom fields that are not set are missing."""
    known = {
        "id": key,
        "title": "Roof",
        "owner_id": 25760681,
        "creator_id": 25760681,
        "label_ids": [],
        "value": None,
        "expected_close_date": None,
        "person_id": None,
        "organization_id": None,
        "is_archived": False,
        "archive_time": None,
        "source_name": "API",
        "was_seen": False,
        "next_activity_id": None,
        "add_time": milliseconds(changed),
        "visible_to": "3",
    }
    return {**known, **fields, "update_time": milliseconds(changed)}


def person(number: int, changed: datetime, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return a person; an empty phone is an entry, and the custom fields may be null."""
    known = {
        "id": number,
        "name": "Jane Roe",
        "first_name": "Jane",
        "last_name": "Roe",
        "owner_id": 25760681,
        "org_id": None,
        "emails": [],
        "phones": [{"value": "", "primary": True, "label": "work"}],
        "is_deleted": False,
        "visible_to": 3,
        "label_ids": [],
        "picture_id": None,
        "custom_fields": None,
        "add_time": seconds(changed),
    }
    return {**known, **fields, "update_time": seconds(changed)}


def page_v1(items: Sequence[Any], start: int, limit: int, *, more: bool) -> Reply:
    """Return a page with an offset; the next one is named only where there is one."""
    following = {"next_start": start + limit} if more else {}
    pagination = {"start": start, "limit": limit, "more_items_in_collection": more, **following}
    return Reply({"success": True, "data": list(items), "additional_data": {"pagination": pagination}})


def page_v2(items: Sequence[Any], cursor: str | None) -> Reply:
    """Return a page with a cursor; the last one has null in its place."""
    return Reply({"success": True, "data": list(items), "additional_data": {"next_cursor": cursor}})


def refused(status: int, error: str, info: str = "Please check developers.pipedrive.com") -> Reply:
    """Return an error; v2 writes it like v1, with a code that says the same once more."""
    said = {"success": False, "error": error, "error_info": info, "errorCode": status}
    return Reply({**said, "data": None, "additional_data": None}, status=status)


def blocked() -> Reply:
    """Return what Cloudflare answers in Pipedrive's place."""
    page = b"<!DOCTYPE html><html><head><title>Access denied</title></head><body>Error 1006</body></html>"
    return Reply(body=page, status=403, headers={"Content-Type": "text/html", "Server": "cloudflare"})
