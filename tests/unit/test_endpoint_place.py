"""How a server is called: in messages, in DNS, in the header Host, and towards a proxy."""

from __future__ import annotations

import pytest

from sync.endpoints._place import Place


@pytest.mark.parametrize(
    ("place", "host", "authority"),
    [
        (Place("hatch.example.com", 443, tls=True), "hatch.example.com", "hatch.example.com:443"),
        (Place("crm.test", 80, tls=False), "crm.test", "crm.test:80"),
        (Place("crm.test", 443, tls=False), "crm.test:443", "crm.test:443"),
        (Place("::1", 8443, tls=True), "[::1]:8443", "[::1]:8443"),
        (Place("пример.рф", 443, tls=True), "xn--e1afmkfd.xn--p1ai", "xn--e1afmkfd.xn--p1ai:443"),
        (Place("straße.de", 8080, tls=False), "xn--strae-oqa.de:8080", "xn--strae-oqa.de:8080"),
    ],
)
def test_a_server_is_called(place: Place, host: str, authority: str) -> None:
    assert (place.host_header, place.authority) == (host, authority)


def test_in_messages_it_is_called_as_it_was_written() -> None:
    assert str(Place("straße.de", 443, tls=True)) == "straße.de:443"
    assert str(Place("::1", 80, tls=False)) == "[::1]:80"


def test_what_is_no_host_is_said_to_be_none() -> None:
    with pytest.raises(UnicodeError):
        _ = Place("ex\u2028ample.com", 443, tls=True).ascii_host
