"""Countries by the names that people write; the codes and the official names are those of ISO 3166."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING
from unicodedata import combining, normalize

if TYPE_CHECKING:
    from iso3166 import Country

#: How a country is called where its official name isn't what people say.
_SHORT = {
    "BN": "Brunei", "BO": "Bolivia", "CD": "DR Congo", "FK": "Falkland Islands", "FM": "Micronesia",
    "GB": "United Kingdom", "IR": "Iran", "KP": "North Korea", "KR": "South Korea", "LA": "Laos",
    "MD": "Moldova", "MF": "Saint Martin", "NR": "Nauru", "PS": "Palestine", "RU": "Russia",
    "SH": "Saint Helena", "SX": "Sint Maarten", "SY": "Syria", "TR": "Turkey", "TW": "Taiwan",
    "TZ": "Tanzania", "US": "United States", "VA": "Vatican City", "VE": "Venezuela",
    "VG": "British Virgin Islands", "VI": "US Virgin Islands", "VN": "Vietnam",
}  # fmt: skip
#: What else they are called: in English, and at home and by neighbours where leads come from.
_OTHER = {
    "AE": "UAE|Emirates", "AT": "Österreich|Autriche", "BA": "Bosnia|Bosnia-Herzegovina",
    "BE": "België|Belgique|Belgien",
    "BG": "България|Bulgarien", "BR": "Brasil|Brasilien", "CC": "Cocos Islands|Keeling Islands",
    "CD": "DRC|Democratic Republic of the Congo|Congo-Kinshasa",
    "CG": "Republic of the Congo|Congo-Brazzaville",
    "CH": "Schweiz|Suisse|Svizzera|Suiza", "CI": "Ivory Coast", "CN": "PRC|People's Republic of China|中国",
    "CV": "Cape Verde", "CZ": "Czech Republic|Česko|Česká republika|Tschechien",
    "DE": "Deutschland|Allemagne|Alemania|BRD|Federal Republic of Germany", "DK": "Danmark|Dänemark",
    "DO": "República Dominicana", "EE": "Eesti|Estland", "ES": "España|Spanien|Espagne",
    "FI": "Suomi|Finnland", "FR": "Frankreich|Francia|République française",
    "GB": "UK|U.K.|Great Britain|Britain|England|Scotland|Wales|Northern Ireland|Großbritannien|"
          "Vereinigtes Königreich|Reino Unido|Royaume-Uni",
    "GR": "Hellas|Ελλάδα|Griechenland|EL", "HK": "Hong Kong SAR", "HR": "Hrvatska|Kroatien",
    "HU": "Magyarország|Ungarn", "IE": "Éire|Irland|Republic of Ireland", "IN": "Bharat|भारत|Indien",
    "IS": "Ísland|Island", "IT": "Italia|Italien|Italie", "JP": "日本|Nippon|Japon",
    "KR": "Republic of Korea|대한민국|한국|Südkorea", "LT": "Lietuva|Litauen", "LU": "Luxemburg",
    "LV": "Latvija|Lettland", "MK": "Macedonia", "MM": "Burma", "MO": "Macau", "MX": "Mexiko|Méjico",
    "NL": "Holland|Nederland|The Netherlands|Niederlande|Pays-Bas|Países Bajos", "NO": "Norge|Noreg|Norwegen",
    "NZ": "Aotearoa|Neuseeland", "PL": "Polska|Polen|Pologne", "PN": "Pitcairn Islands",
    "PS": "Palestinian Territories", "RO": "România|Rumänien", "RU": "Россия|Russland",
    "RS": "Srbija|Србија|Serbien", "SA": "KSA", "SE": "Sverige|Schweden", "SI": "Slovenija|Slowenien",
    "SK": "Slovensko|Slowakei|Slovak Republic", "SZ": "Swaziland", "TL": "East Timor", "TR": "Türkei",
    "UA": "Україна|Украина", "US": "U.S.|U.S.A.|America|United States of America|The States|"
          "Vereinigte Staaten|Vereinigte Staaten von Amerika|Estados Unidos|EE.UU.|EUA|États-Unis",
    "VA": "Vatican", "ZA": "RSA|Südafrika",
}  # fmt: skip
#: As on a keyboard without them.
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


def country_code(text: str) -> str | None:
    """Return the two letters of the country that a code or a name means, None when there is none."""
    return _codes().get(_word(text))


def country_name(code: str) -> str:
    """Return the English name of a country by its two letters, as people say it."""
    return _SHORT.get(code) or _library()[code].name


def three_letters(code: str) -> str:
    """Return the three letters of a country by its two."""
    return _library()[code].alpha3


def _library() -> dict[str, Country]:
    from iso3166 import countries_by_alpha2

    return countries_by_alpha2


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    found: dict[str, str] = {}
    for code, country in _library().items():
        found.update((_word(name), code) for name in names_of(code, country))
    return found


def names_of(code: str, country: Country) -> list[str]:
    """Return every way in which a country is written."""
    names = [country.name, _turned(country.name), country.apolitical_name, *_OTHER.get(code, "").split("|")]
    names += [_SHORT.get(code, ""), country.alpha3, country.numeric, code]
    return [name for each in names if each for name in (each, each.translate(_UMLAUTS))]


def _turned(name: str) -> str:
    """Return "Republic of Korea" for "Korea, Republic of"."""
    first, _, rest = name.partition(", ")
    return f"{rest} {first}" if rest else name


def _word(text: str) -> str:
    """Return the letters and digits of a name, without their accents, the article in front and capitals."""
    plain = "".join(char for char in normalize("NFKD", text.casefold()) if not combining(char))
    words = plain.replace("&", " and ").replace(".", "").replace("-", " ").split()
    words = words[1:] if words[:1] == ["the"] else words
    words = words[:-1] if words[-1:] == ["the"] else words  # Bahamas, The
    return "".join(filter(str.isalnum, "".join("saint" if word == "st" else word for word in words)))
