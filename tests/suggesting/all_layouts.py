"""All layouts: those that the guessing was made by, and those that were held out."""

from __future__ import annotations

from tests.suggesting.layouts import (
    ads_and_forms,
    and_more,
    by_hand,
    crm_exports,
    field_service,
    further,
    held_out,
)

KNOWN = (
    *crm_exports.LAYOUTS,
    *field_service.LAYOUTS,
    *ads_and_forms.LAYOUTS,
    *by_hand.LAYOUTS,
    *further.LAYOUTS,
    *and_more.LAYOUTS,
)
HELD_OUT = held_out.LAYOUTS
ALL = (*KNOWN, *HELD_OUT)
FILES = tuple(layout for layout in ALL if layout.kind != "records")
