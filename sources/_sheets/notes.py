"""What the operator should hear about a reading: counted, with the first few places."""

from __future__ import annotations

from dataclasses import dataclass, field

from sources._wording import counted

_MOST_PLACES = 5


@dataclass(slots=True)
class Notes:
    """Remarks about the cells of one reading."""

    _said: list[str] = field(default_factory=list)
    _counts: dict[str, int] = field(default_factory=dict)
    _places: dict[str, list[str]] = field(default_factory=dict)

    def say(self, text: str) -> None:
        """Add a remark about a whole file."""
        self._said.append(text)

    def count(self, what: str, place: str) -> None:
        """Count one more of a kind, such as ``cell with an error, read as empty``, and its place."""
        self._counts[what] = self._counts.get(what, 0) + 1
        places = self._places.setdefault(what, [])
        if len(places) < _MOST_PLACES:
            places.append(place)

    def texts(self) -> list[str]:
        """Return every remark as a line."""
        return [*self._said, *(self._line(what) for what in self._counts)]

    def _line(self, what: str) -> str:
        noun, _, rest = what.partition(" ")
        more = self._counts[what] - len(self._places[what])
        places = "; ".join(self._places[what]) + (f"; and {more} more" if more else "")
        return f"{counted(self._counts[what], noun)} {rest}: {places}"
