"""What language the columns' names are in, for the countries and the order of dates that go with it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: Words that columns are called by in one language only, and the countries where it is spoken.
_SPOKEN = {
    ("DE", "AT", "CH"): "vorname nachname telefon telefonnummer handy strasse hausnummer plz ort datum kunde "
    "kundennummer erstellt geandert bemerkung bemerkungen notiz anrede nr am eingang anfrage mobilnummer",
    ("ES", "MX"): "nombre apellido apellidos telefono movil correo fecha direccion ciudad estado codigo "
    "electronico creacion notas provincia celular",
    ("FR", "BE", "CH"): "prenom nom telephone portable courriel adresse ville postal date creation rue "
    "societe statut commentaire cree modifie",
    ("IT",): "cognome cellulare indirizzo citta telefono nome provincia creazione stato",
    ("NL", "BE"): "voornaam achternaam telefoon telefoonnummer mobiel straat plaats postcode woonplaats "
    "aangemaakt gewijzigd opmerkingen",
    ("BR", "PT"): "sobrenome telefone celular endereco cidade criado nome data bairro cep observacoes",
    ("SE",): "fornamn efternamn epost adress postnummer skapad",
    ("PL",): "imie nazwisko telefon ulica miasto utworzono",
}
#: Fewer words than these may be a coincidence: Telefon alone is several languages.
_FEWEST = 2


def regions_of_names(names: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """Return the countries that the language of the columns' names speaks for; none for English."""
    words = {word for each in names for word in each}
    counts = Counter({regions: len(words & set(spoken.split())) for regions, spoken in _SPOKEN.items()})
    regions, most = counts.most_common(1)[0]
    return regions if most >= _FEWEST else ()
