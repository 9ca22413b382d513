"""The states and territories of the United States, with the abbreviations that people use for them."""

from __future__ import annotations

import re

#: As the postal service has them.
NAMES = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California",
    "CO": "Colorado", "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia", "FL": "Florida",
    "GA": "Georgia", "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "IA": "Iowa",
    "KS": "Kansas", "KY": "Kentucky", "LA": "Louisiana", "ME": "Maine", "MD": "Maryland",
    "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota", "MS": "Mississippi", "MO": "Missouri",
    "MT": "Montana", "NE": "Nebraska", "NV": "Nevada", "NH": "New Hampshire", "NJ": "New Jersey",
    "NM": "New Mexico", "NY": "New York", "NC": "North Carolina", "ND": "North Dakota", "OH": "Ohio",
    "OK": "Oklahoma", "OR": "Oregon", "PA": "Pennsylvania", "RI": "Rhode Island", "SC": "South Carolina",
    "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont", "VA": "Virginia",
    "WA": "Washington", "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming",
    "AS": "American Samoa", "GU": "Guam", "MP": "Northern Mariana Islands", "PR": "Puerto Rico",
    "VI": "U.S. Virgin Islands", "FM": "Micronesia", "MH": "Marshall Islands", "PW": "Palau",
    "AA": "Armed Forces Americas", "AE": "Armed Forces Europe", "AP": "Armed Forces Pacific",
}  # fmt: skip
#: As newspapers and people shorten them, where that is not the code.
_SHORT = {
    "AL": "Ala", "AZ": "Ariz", "AR": "Ark", "CA": "Calif Cal Cali", "CO": "Colo",
    "CT": "Conn", "DE": "Del", "DC": "WashingtonDC WashDC", "FL": "Fla",
    "IL": "Ill", "IN": "Ind", "KS": "Kans Kan", "MA": "Mass",
    "MI": "Mich", "MN": "Minn", "MS": "Miss", "MT": "Mont", "NE": "Nebr Neb", "NV": "Nev",
    "NM": "NMex", "NY": "NYork NewYorkState", "NC": "NCar NCarolina", "ND": "NDak NDakota",
    "OK": "Okla", "OR": "Oreg Ore", "PA": "Penn Penna", "SC": "SCar SCarolina",
    "SD": "SDak SDakota", "TN": "Tenn", "TX": "Tex", "WA": "Wash WashingtonState",
    "WV": "WVa WVirginia", "WI": "Wis Wisc", "WY": "Wyo",
    "PR": "PRico", "VI": "VirginIslands USVI", "MP": "MarianaIslands CNMI",
}  # fmt: skip


def _word(text: str) -> str:
    return re.sub(r"[^a-z]", "", text.casefold())


#: Codes by the letters of a code, a name or an abbreviation, in lower case.
BY_WORD = {
    **{_word(word): code for code, words in _SHORT.items() for word in words.split()},
    **{_word(name): code for code, name in NAMES.items()},
    **{code.lower(): code for code in NAMES},
}
