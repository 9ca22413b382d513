"""The matrix in docs/sources.md: ``make docs`` writes it of code, tests and doubles, a test compares it."""

from __future__ import annotations

import re
import sys
import textwrap
from collections import Counter
from typing import TYPE_CHECKING

from sources.testing import PositionContract, SnapshotContract
from tests.docs.pages import ROOT
from tests.docs.source_evidence import Evidence, builtin
from tests.docs.source_facts import FACTS, Facts

if TYPE_CHECKING:
    from datetime import timedelta

PAGE = ROOT / "docs" / "sources.md"
_PART = re.compile(r"(?s)(<!-- matrix: .*? -->\n).*?(<!-- end of the matrix -->\n)")
_COLUMNS = ("type", "reads", "changes by", "look-back", "can also")
_PROOF = ("tested against", "contract", "never tried")
_LEGEND = """
- *changes by*: what every change moves, so that reading goes on there; or *whole*, compared record by record,
  and when. *At once*: what `run` hears of changes by, beside its schedule; `hook` is named where the webhooks
  of this vendor are known, and any other system can call with an HMAC. *Look-back*: `lookback` by default.
- *can also*: begin at the newest record (`latest`), read single records again (`fetch`), name its columns for
  `leadrelay check` (`fields`), be let in by a browser (`authorization`), tell of changes by itself (`hints`).
- *tested against*: a *double* is a server on this machine that answers as the vendor's API does. *OpenAPI*:
  requests to it are held against the vendor's own file, when the tests are run with one (`VENDOR_OPENAPI`).
- *contract*: the suite of `sources.testing` that it passes, `PositionContract` or `SnapshotContract`; in
  brackets by how many set-ups, if several. `tests/integration` has what else is tested.
"""
#: Where a sentence of an adapter goes on to say how it reads, which other columns do.
_HOW = re.compile(r", (?:by|in|each) |: ")


def page() -> str:
    """Return docs/sources.md as it has to be."""
    return with_matrix(PAGE.read_text(encoding="utf-8"), matrix())


def with_matrix(text: str, made: str) -> str:
    """Return a page with this matrix in its place.

    Raises:
        ValueError: when there is not one place for it.

    """
    found, count = _PART.subn(lambda match: f"{match[1]}\n{made}\n{match[2]}", text)
    if count != 1:
        raise ValueError(f"{count} places for the matrix, after <!-- matrix: … -->; expected 1")
    return found


def matrix() -> str:
    """Return the table, what its columns mean, and what there is to say of each type."""
    found = [(Evidence.of(name), facts_of(name)) for name in builtin()]
    columns = [*_COLUMNS, *_PROOF]
    rows = [_row(columns), _row(["---"] * len(columns))]
    rows += [_row(cells(evidence, facts)) for evidence, facts in found]
    notes = [note for evidence, facts in found for note in _notes(evidence, facts)]
    return "\n".join([*rows, _LEGEND, "What the cells have no room for:\n", *notes, ""])


def facts_of(name: str) -> Facts:
    """Return what is said by hand of a type.

    Raises:
        LookupError: when nothing is.

    """
    if name not in FACTS:
        raise LookupError(f"the source type {name!r} has no entry in tests/docs/source_facts.py")
    return FACTS[name]


def cells(evidence: Evidence, facts: Facts) -> list[str]:
    """Return the row of one type."""
    return [
        f"[{evidence.name}](#{evidence.name})",
        _HOW.split(evidence.reads)[0],
        _changes(evidence, facts),
        _span(evidence.lookback),
        ", ".join(f"`{word}`" for word in evidence.abilities),
        _against(evidence, facts),
        _contracts(evidence),
        "the real service" if evidence.double else facts.untried,
    ]


def _row(texts: list[str]) -> str:
    return f"| {' | '.join(text.replace('|', '&#124;') for text in texts)} |"


def _changes(evidence: Evidence, facts: Facts) -> str:
    ways = [facts.moves] * (PositionContract in evidence.contracts)
    ways += [f"whole, {facts.read}".rstrip(", ")] * (SnapshotContract in evidence.contracts)
    heard = [facts.listens] * ("hints" in evidence.abilities) + ["`hook`"] * evidence.has_hook
    return "; or ".join(ways) + "".join(f"; at once: {each}" for each in heard)


def _span(lookback: timedelta | None) -> str:
    if lookback is None:
        return ""
    minutes = int(lookback.total_seconds() // 60)
    return f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes} min"


def _against(evidence: Evidence, facts: Facts) -> str:
    if evidence.double:
        return "double, OpenAPI" if evidence.double.specifications else "double"
    return f"real {', '.join(evidence.servers)}" if evidence.servers else facts.real


def _contracts(evidence: Evidence) -> str:
    words = {PositionContract: "position", SnapshotContract: "snapshot"}
    counted = Counter(words[contract] for contract in evidence.contracts if contract in words)
    said = ", ".join(f"{word} ({count})" if count > 1 else word for word, count in counted.items())
    return f"[{said}](../tests/contract/test_contract_{evidence.name}.py)"


def _notes(evidence: Evidence, facts: Facts) -> list[str]:
    """Return what does not fit into cells, as an item of a list; nothing where there is nothing."""
    said = _of_double(evidence)
    if evidence.skipped:
        said.append(f"the contract's tests of {_listed(evidence.skipped)} are skipped")
    if evidence.double and facts.untried:
        said.append(f"not known: {facts.untried}")
    return [_wrapped(f"- {evidence.name}: {'; '.join(said)}.")] if said else []


def _wrapped(line: str) -> str:
    return textwrap.fill(
        line, width=118, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )


def _of_double(evidence: Evidence) -> list[str]:
    """Return what a double is made after, in its own words, and what its requests are held against."""
    if evidence.double is None:
        return []
    path = evidence.double.__module__.replace(".", "/") + ".py"
    about = (sys.modules[evidence.double.__module__].__doc__ or "").partition("\n")[0].rstrip(".")
    said = [f"[its double](../{path}): {about}"]
    if evidence.double.specifications:
        known = len(evidence.double.tolerated)
        but = f", but for {known} known difference" + "s" * (known != 1) if known else ""
        said.append(f"held against {_listed([f'`{name}`' for name in evidence.double.specifications])}{but}")
    return said


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"wrote the matrix in {PAGE.relative_to(ROOT)}\n")
