"""The parts of a person's name that stands in one text. Nothing of the text is changed, only picked."""

from __future__ import annotations

from dataclasses import dataclass

from sync.mapping.capitals import PARTICLES

_TITLES = frozenset({
    "dr", "mr", "mrs", "ms", "mx", "miss", "prof", "professor", "rev", "hon", "sir", "madam", "mister",
    "doctor", "herr", "frau", "sra", "srta", "mme", "mlle", "ing", "dipl.-ing",
})  # fmt: skip
#: They tell father and son apart, and go with the surname.
_GENERATIONS = frozenset({"jr", "sr", "junior", "senior", "ii", "iii", "iv"})
_DEGREES = frozenset({
    "phd", "ph.d", "md", "m.d", "dds", "d.d.s", "dmd", "dvm", "jd", "mba", "cpa", "esq", "rn", "pe",
    "msc", "bsc", "inc", "llc", "llp", "ltd", "co", "corp", "gmbh",
})  # fmt: skip
_SUFFIXES = _GENERATIONS | _DEGREES
_AND = frozenset({"&", "+", "and", "und", "et", "y", "/"})


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name and its parts; a part that it doesn't have is empty."""

    #: All of it, in the order in which it is spoken.
    whole: str
    first: str
    middle: str
    #: The surname, with what belongs in front (van der) and Jr., III behind it.
    last: str


def person_name(text: str, order: str) -> PersonName:
    """Take a name apart.

    Args:
        text: words with single spaces between them.
        order: first_last, last_first, or auto: the surname is in front when a comma follows it.

    """
    parts = [part.strip() for part in text.split(",") if part.strip()]
    behind: list[str] = []
    while len(parts) > 1 and all(map(_is_suffix, parts[-1].split())):
        behind = [*parts.pop().split(), *behind]
    if len(parts) > 1 and order != "first_last":
        return _surname_first(text, parts, behind)
    titles, words, suffixes = _framed(_glued(" ".join(parts).split()))
    person = _one_person(words)
    given, last = _split(person, order, is_titled=bool(titles))
    is_turned = order == "last_first" and person == words
    whole = " ".join([*titles, *given, *last, *suffixes, *behind]) if is_turned else text
    return _named(whole, given, last, [*suffixes, *behind])


def _surname_first(text: str, parts: list[str], behind: list[str]) -> PersonName:
    _, last, suffixes = _framed(_glued(parts[0].split()))
    titles, given, more = _framed(_glued(", ".join(parts[1:]).split()))
    suffixes = [*suffixes, *more, *behind]
    spoken = " ".join([*titles, *given, *last, *suffixes])
    return _named(spoken if len(parts) == 2 else text, given, last, suffixes)  # noqa: PLR2004 - Last, First


def _named(whole: str, given: list[str], last: list[str], suffixes: list[str]) -> PersonName:
    count = _length_of_first(given)
    generation = [word for word in suffixes if _bare(word) in _GENERATIONS] if last else []
    first, middle, surname = (
        " ".join(words) for words in (given[:count], given[count:], [*last, *generation])
    )
    return PersonName(whole, first.rstrip(","), middle.rstrip(","), surname)


def _bare(word: str) -> str:
    return word.casefold().strip(".,()")


def _is_suffix(word: str) -> bool:
    return _bare(word) in _SUFFIXES


def _glued(words: list[str]) -> list[str]:
    """Put what has no letter, as an emoji, to the word before it, or to the first one."""
    found: list[str] = []
    for word in words:
        is_apart = any(map(str.isalnum, word)) or word in _AND
        if found and (not is_apart or not any(map(str.isalnum, found[0]))):
            found[-1] += f" {word}"
        else:
            found.append(word)
    if len(found) > 1 and found[-1] in _AND:  # somebody is missing behind it
        found[-2:] = [f"{found[-2]} {found[-1]}"]
    return found


def _framed(words: list[str]) -> tuple[list[str], list[str], list[str]]:
    """Return the titles in front, the name, and what stands behind it. Something is always left."""
    start, end = 0, len(words)
    while start < end - 1 and _is_title(words, start):
        start += 1
    while end > start + 1 and _is_suffix(words[end - 1]):
        end -= 1
    return words[:start], words[start:end], words[end:]


def _is_title(words: list[str], place: int) -> bool:
    if words[place].casefold() in _AND:  # Mr. & Mrs.
        return place > 0 and _bare(words[place + 1]) in _TITLES
    return _bare(words[place]) in _TITLES


def _one_person(words: list[str]) -> list[str]:
    """Of John Smith & Jane Doe, return the first; John & Jane Smith share a surname."""
    for place, word in enumerate(words):
        if word.casefold() in _AND and place > 1 and len(words) - place > 2:  # noqa: PLR2004 - two words each
            return words[:place]
    return words


def _split(words: list[str], order: str, *, is_titled: bool) -> tuple[list[str], list[str]]:
    """Return the given names and the surname. A single name is a given one, unless a title is before it."""
    if len(words) == 1:
        return ([], words) if is_titled else (words, [])
    if order == "last_first":
        end = 1
        while end < len(words) and words[end - 1].islower() and words[end - 1] in PARTICLES:
            end += 1
        return words[end:], words[:end]
    start = len(words) - 1
    while start > 0 and _is_particle(words, start - 1):
        start -= 1
    return words[:start], words[start:]


def _is_particle(words: list[str], place: int) -> bool:
    """Tell whether a word belongs to the surname behind it. Van Morrison's first name doesn't."""
    word = words[place]
    if word.casefold() not in PARTICLES:
        return False
    return place > 0 or word.islower() or words[1].casefold() in PARTICLES


def _length_of_first(given: list[str]) -> int:
    """Return how many words are the first name: John & Jane, J. R. R., or one."""
    count = min(1, len(given))
    while count < len(given):
        if given[count].casefold() in _AND and count + 1 < len(given):
            count += 2
        elif _is_initial(given[count]) and _is_initial(given[count - 1]):
            count += 1
        else:
            break
    return count


def _is_initial(word: str) -> bool:
    return len(word.rstrip(".")) == 1 and word[0].isalpha()
