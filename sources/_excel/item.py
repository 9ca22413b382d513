"""What Microsoft Graph says of a file: its driveItem."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from sources._sheets.revision import Revision

#: For so long after a save its content may still be given as it was before: half a minute has been seen.
_SETTLES: Final = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Item:
    """A file, as it stands."""

    name: str
    #: Whether it has content: it is neither a folder nor a shortcut to another drive.
    is_file: bool
    #: What changes with every save; None while it is too fresh to go by it.
    edition: str | None

    @classmethod
    def of(cls, data: Any, now: datetime) -> Item:
        """Read a driveItem; raises what `sensible` catches.

        Args:
            data: as Graph gave it.
            now: the time there.

        """
        saved = str(data["lastModifiedDateTime"])
        settled = abs(now - datetime.fromisoformat(saved)) >= _SETTLES
        # All three, since cTag alone has missed edits of Office files. A move or a rename only costs a read.
        said = f"{data['eTag']} {data.get('cTag')} {saved}"
        return cls(str(data["name"]), "file" in data, said if settled else None)

    def unchanged_since(self, known: Revision | None, rules: str) -> bool:
        """Tell whether nobody has saved it since it was read by these rules."""
        if known is None or self.edition is None:
            return False
        return (known.rules, known.etag) == (rules, self.edition)
