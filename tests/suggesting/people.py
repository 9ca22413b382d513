"""Invented people, the same for the same seed: example.com, and numbers that belong to nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

_FIRST = ("Ada", "Wei", "Maria", "Olga", "Pedro", "Chloe", "Yuki", "Liam", "Noor", "Jonas", "Ines", "Tomas")
_LAST = ("Archer", "Sample", "Silva", "Muster", "Costa", "O'Neill", "Van Dyke", "Smith", "Kim", "Ortega")
_AREAS = ("804", "212", "312", "415", "713", "305", "602")
_CITIES = ("Richmond", "Norfolk", "Durham", "Macon", "Tulsa")
_STREETS = ("Main St", "Oak Ave", "2nd St", "Hill Rd")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who does not exist."""

    number: int
    first: str
    last: str
    #: Ten digits.
    digits: str
    other_digits: str
    email: str
    created: datetime
    updated: datetime
    city: str
    street: str
    zip: str
    random: Random

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"

    def phone(self, form: str = "({}) {}-{}") -> str:
        """The phone number in a form with places for area, exchange and line."""
        return form.format(self.digits[:3], self.digits[3:6], self.digits[6:])

    def other(self, form: str = "({}) {}-{}") -> str:
        return form.format(self.other_digits[:3], self.other_digits[3:6], self.other_digits[6:])

    def one_of(self, *choices: str) -> str:
        return self.random.choice(choices)

    def maybe(self, text: str, share: float = 0.5) -> str:
        """The text, or nothing."""
        return text if self.random.random() < share else ""


def people(seed: int, number: int = 30, *, days: int = 170) -> list[Person]:
    """Return invented people; they came within so many days."""
    random = Random(seed)
    return [_person(random, at, days) for at in range(number)]


def _person(random: Random, at: int, days: int) -> Person:
    first, last = random.choice(_FIRST), random.choice(_LAST)
    created = datetime(2026, 1, 3, 8, 0, 0) + timedelta(
        days=random.randrange(days), minutes=random.randrange(900), seconds=random.randrange(60)
    )
    email = f"{first}.{last}{at}@example.com".lower().replace("'", "").replace(" ", "")
    return Person(
        at,
        first,
        last,
        f"{random.choice(_AREAS)}55501{random.randrange(24, 100)}",
        f"{random.choice(_AREAS)}55501{random.randrange(24, 100)}",
        email,
        created,
        created + timedelta(days=random.randrange(1, 30), minutes=random.randrange(600)),
        random.choice(_CITIES),
        f"{random.randrange(1, 900)} {random.choice(_STREETS)}",
        f"{random.randrange(23000, 29999)}",
        random,
    )
