"""From a sample to what every column is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sync.lead import FIELDS
from sync.suggesting.ads import meant, test_column, test_flags
from sync.suggesting.choice import Choice
from sync.suggesting.columns import columns_of
from sync.suggesting.contacts import email_field, phone_field
from sync.suggesting.further import further_columns
from sync.suggesting.identity import contact_field, key_column
from sync.suggesting.languages import regions_of_names
from sync.suggesting.names import name_fields
from sync.suggesting.naming import says_opt_out
from sync.suggesting.seen import Seen
from sync.suggesting.statuses import status_field
from sync.suggesting.times import time_fields

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sync.suggesting.choice import Field
    from sync.suggesting.columns import Column


def choose(
    records: Sequence[Mapping[str, Any]], names: Iterable[str] = (), key: Sequence[str] | None = None
) -> Choice:
    """Guess what the columns of a sample are.

    Args:
        records: the sample.
        names: columns that are known, whether or not a record has them.
        key: the columns that name a record for good; None: they are to be guessed.

    """
    rows = meant(records)
    seen = [Seen(column) for column in columns_of(rows, names)]
    fields = _fields(seen)
    found, sure = key_column(seen)
    if key is not None:
        chosen, sure = tuple(key), True
    else:
        chosen = (str(found.column.parts[0]),) if found else ()
    used = {column.parts for field in fields.values() for column in field.columns}
    used |= {(name,) for name in chosen}
    flags = test_flags(seen)
    used |= {column.parts for column in flags}
    return Choice(
        len(records),
        {name: fields[name] for name in FIELDS if name in fields},
        further_columns([each for each in seen if not says_opt_out(each.words)], used),
        chosen,
        sure,
        [each.column for each in seen if says_opt_out(each.words)],
        flags,
        test_column(records, seen, fields),
        _column(fields, "updatedAt"),
        _column(fields, "createdAt"),
        any(each.facts.times.naive for each in seen if each.column.parts in used),
    )


def _fields(seen: Sequence[Seen]) -> dict[str, Field]:
    regions = regions_of_names(each.words for each in seen)
    phone = phone_field(seen, regions)
    found: dict[str, Field | None] = {
        "contactID": contact_field(seen),
        **name_fields(seen),
        "phoneNumber": phone,
        "email": email_field(seen, other=phone is not None),
        "status": status_field(seen),
    }
    abroad = bool(regions) or (phone is not None and phone.region is not None)
    found |= time_fields(seen, european=abroad)
    return {name: field for name, field in found.items() if field is not None}


def _column(fields: Mapping[str, Field], name: str) -> Column | None:
    return fields[name].columns[0] if name in fields else None
