"""The names that records have, as answers show them."""

from __future__ import annotations

from typing import Final

#: By kind. A lead has no time of its own, neither of its creation nor of a change: only its customer has.
OWN: Final = {
    "leads": [
        "id",
        "number",
        "customer",
        "address",
        "status",
        "lead_source",
        "lost_at",
        "note",
        "tags",
        "company_id",
        "company_name",
    ],
    "customers": [
        "id",
        "first_name",
        "last_name",
        "email",
        "mobile_number",
        "home_number",
        "work_number",
        "company",
        "notifications_enabled",
        "lead_source",
        "notes",
        "created_at",
        "updated_at",
        "company_name",
        "company_id",
        "tags",
        "addresses",
    ],
}
