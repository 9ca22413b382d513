"""Answers of Microsoft Graph and of SharePoint to what they do not grant."""

from __future__ import annotations

from typing import Any

from tests.doubles.base import Reply

#: Where SharePoint gives the content of files.
CONTENT_PATH = "/sites/Sales/_layouts/15/download.aspx"
_REQUEST = {"date": "2026-03-04T12:00:00", "request-id": "5965b312-4272-4ce5-b043-888c6d6fe91f"}


def failed(status: int, code: str, message: str, inner: str = "", **headers: str) -> Reply:
    """Return an error as Graph writes it."""
    said: dict[str, Any] = {**_REQUEST, **({"code": inner} if inner else {})}
    return Reply({"error": {"code": code, "message": message, "innerError": said}}, status, headers)


def throttled(seconds: int, status: int = 429) -> Reply:
    """Return what comes in the place of an answer when there were too many requests."""
    headers = {"Retry-After": str(seconds)}
    return failed(
        status, "activityLimitReached", "The request has been throttled", "throttledRequest", **headers
    )


def locked() -> Reply:
    """Return the answer about a file that somebody has checked out."""
    return failed(423, "notAllowed", "The file is locked for exclusive use.", "resourceLocked")


def sign_in_page(status: int = 401) -> Reply:
    """Return what SharePoint gives to a request that it does not like."""
    return Reply(status=status, body=b"<!DOCTYPE html><html><title>401 UNAUTHORIZED</title></html>")
