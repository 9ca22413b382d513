"""Options that are checked when the mapping is read."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from sync.mapping.phone import check_region
from sync.mapping.time_formats import check_format
from sync.mapping.zones import check_zone

Region = Annotated[str, AfterValidator(check_region)]
ZoneName = Annotated[str, AfterValidator(check_zone)]
TimeFormat = Annotated[str, AfterValidator(check_format)]
#: How many of something there may be.
Count = Annotated[int, Field(ge=0)]
