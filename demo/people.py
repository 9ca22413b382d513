"""People who do not exist. Their phone numbers end in 555-01xx, which belong to nobody."""

from __future__ import annotations

from dataclasses import dataclass

# fmt: off
_FIRST = ("Ada", "Pedro", "Mei", "Olga", "Samir", "Grace", "Wei", "Maria", "Jonas",
          "Aisha", "Tom", "Yuki", "Lena", "Omar", "Ruth", "Ivan", "Chloe", "Hugo")
_LAST = ("Costa", "Silva", "Novak", "Okafor", "Lindqvist", "Haddad", "Moreau", "Tanaka",
         "Brandt", "Whitfield", "Rossi")
# fmt: on
#: Last parts of a number that nobody has: 0100 to 0199.
_NUMBERS = 100


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who wants a roof, a gutter or a window."""

    first: str
    last: str
    #: Ten digits.
    phone: str

    @property
    def email(self) -> str:
        """An address that reaches nobody."""
        return f"{self.first}.{self.last}@example.com".lower()

    @property
    def phone_as_written(self) -> str:
        """The number as people write it."""
        return f"({self.phone[:3]}) {self.phone[3:6]}-{self.phone[6:]}"


def people(count: int, area_code: str) -> list[Person]:
    """Return so many people, always the same ones; each has a number of this area code.

    Raises:
        ValueError: more are wanted than there are numbers that nobody has.

    """
    if count > _NUMBERS:
        raise ValueError(f"an area code has {_NUMBERS} numbers that nobody has, {count} are wanted")
    start = int(area_code)
    return [
        Person(
            _FIRST[(start + number) % len(_FIRST)],
            _LAST[(start + number * 3) % len(_LAST)],
            f"{area_code}55501{number:02}",
        )
        for number in range(count)
    ]
