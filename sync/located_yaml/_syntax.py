"""What libyaml says about broken YAML, in plain words and at the place a person has to look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sync.located_yaml._problems import ConfigProblem, Mark

if TYPE_CHECKING:
    import yaml

_TAB = "a tab can't be used for indentation; use spaces"
_TAG = "tags are not supported; put text that begins with ! in quotes"
_LIST = "a '- ' is not expected here; begin the list on a line of its own"
_COLON = (
    "a ':' is not expected here; put a value that holds ': ' in quotes, "
    "and begin every key of a section in the same column"
)
_ESCAPE = r"in double quotes; use single quotes to keep \ as it is"
_VARIABLE = "a value with ${NAME} in it must be in quotes inside of [ ] and { }"
_UNCLOSED = "the quote that opens here is never closed"

#: Part of libyaml's words, and ours. The first that fits is taken.
_WORDS = {
    "found a tab character": _TAB,
    "mapping values are not allowed": _COLON,
    "block sequence entries are not allowed": _LIST,
    "mapping keys are not allowed": "a '? ' is not expected here; put a value that begins with ? in quotes",
    "could not find expected ':'": "a ':' is missing after this key",
    "did not find expected '-' indicator": "expected another '- ' item of this list, or less indentation",
    "found unknown escape character": rf"unknown \-escape {_ESCAPE}",
    "did not find expected hexdecimal number": rf"incomplete \-escape {_ESCAPE}",
    "comment or line break": "nothing may follow | or > on its line; the text begins on the next one",
    "found undefined tag handle": _TAG,
    "did not find expected tag URI": _TAG,
    "did not find expected whitespace or line break": _TAG,
    "did not find expected node content": "expected a value",
    "exceeded maximum nesting depth": "is nested too deeply",
    "directive": "a line that begins with % is not expected here",
}
#: Problems that are noticed far from where they begin.
_OPENED = {
    "found unexpected end of stream": _UNCLOSED,
    "found unexpected document indicator": _UNCLOSED,
    "did not find expected ',' or ']'": "the '[' that opens here is not closed, or a ',' is missing in it",
    "did not find expected ',' or '}'": "the '{' that opens here is not closed, or a ',' is missing in it",
}


@dataclass(frozen=True, slots=True)
class _Trouble:
    """One error of libyaml, taken apart; lines and columns count from 0, as libyaml does."""

    problem: str
    context: str
    line: int
    column: int
    #: Where that began which could not be finished, or the place of the problem itself.
    began: tuple[int, int]
    lines: list[str]

    @property
    def before(self) -> str:
        """What stands in the line before the problem."""
        return self._line(self.line)[: self.column]

    @property
    def here(self) -> str:
        """What stands in the line from the problem on."""
        return self._line(self.line)[self.column :]

    @property
    def first(self) -> str:
        """The character at which that began which could not be finished."""
        return self._line(self.began[0])[self.began[1] :][:1]

    def _line(self, number: int) -> str:
        return self.lines[number] if number < len(self.lines) else ""


def syntax_problem(error: yaml.MarkedYAMLError, text: str, file: str) -> ConfigProblem:
    """Return the problem behind an error of libyaml."""
    message, (line, column) = _explain(_trouble(error, text))
    return ConfigProblem("", message, Mark(file, line + 1, column + 1))


def _trouble(error: yaml.MarkedYAMLError, text: str) -> _Trouble:
    place: Any = error.problem_mark or error.context_mark
    began: Any = error.context_mark or place
    return _Trouble(
        problem=str(error.problem),
        context=str(error.context),
        line=place.line if place else 0,
        column=place.column if place else 0,
        began=(began.line, began.column) if began else (0, 0),
        lines=text.split("\n"),
    )


def _explain(trouble: _Trouble) -> tuple[str, tuple[int, int]]:
    """Return the words for a problem and the place they are about."""
    here = (trouble.line, trouble.column)
    indent = (trouble.before + trouble.here[:1]).partition("\t")
    if indent[1] and not indent[0].strip() and not trouble.before.strip():
        return _TAB, (trouble.line, len(indent[0]))
    if trouble.problem in _OPENED and trouble.before.endswith("$") and trouble.here.startswith("{"):
        return _VARIABLE, (trouble.line, trouble.column - 1)
    if trouble.problem in _OPENED:
        return _OPENED[trouble.problem] + _noticed(trouble), trouble.began
    if "cannot start any token" in trouble.problem or trouble.context.endswith(("an alias", "an anchor")):
        return _needs_quotes(trouble), trouble.began
    if trouble.problem in ("did not find expected key", "did not find expected <document start>"):
        return _misplaced(trouble), here
    place = trouble.began if trouble.problem == "could not find expected ':'" else here
    return next(
        (ours for theirs, ours in _WORDS.items() if theirs in trouble.problem), trouble.problem
    ), place


def _noticed(trouble: _Trouble) -> str:
    """Say how far what was opened was followed."""
    if trouble.line == trouble.began[0]:
        return ""
    rest = [trouble.here, *trouble.lines[trouble.line + 1 :]]
    where = f"in line {trouble.line + 1}" if any(map(str.strip, rest)) else "at the end of the file"
    return f" (noticed {where})"


def _needs_quotes(trouble: _Trouble) -> str:
    example = ', as in "*/5 7-19 * * mon-fri"' if trouble.first == "*" else ""
    return f"a value that begins with {trouble.first} must be in quotes{example}"


def _misplaced(trouble: _Trouble) -> str:
    """Explain what stands where only a key of the section, or the end of it, could."""
    last = trouble.before.rstrip()[-1:]
    if last and last in "'\"":
        return "nothing may follow the closing quote; put the whole value in quotes of the other kind"
    if last and last in "]}" and not trouble.here.startswith(":"):
        return f"nothing may follow the closing {last}; put the whole value in quotes if it is text"
    if trouble.here.startswith(":"):
        return "there is no key before this ':'"
    if trouble.problem != "did not find expected key":
        return (
            "does not belong to what stands above it; all keys at the top of a file begin in the same column"
        )
    return (
        f"begins in column {trouble.column + 1}, where nothing fits; "
        f"the keys of the section around it begin in column {trouble.began[1] + 1}"
    )
