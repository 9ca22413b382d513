"""docs/transforms.md is made of docstrings: ``make docs`` writes it, a test compares it."""

from __future__ import annotations

import ast
import inspect
import json
import re
import sys
from typing import TYPE_CHECKING, Any

from sync.mapping.text import clean
from tests.docs.pages import ROOT
from tests.transform_kit import NAMES, examples, function

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = ROOT / "docs" / "transforms.md"
_HEAD = """# Transforms

<!-- Made by `make docs` of the docstrings in `sync/mapping/transforms`; changes made here are lost. -->

What `as` may name in a mapping ([mappings/README.md](../mappings/README.md)): `as: digits`, with options
`as: { phone: { format: e164 } }`, or several in turn, `as: [digits, { text: { max: 5 } }]`. A value that is
missing is never given to one; of a list, each item is. What a transform refuses, `if_invalid` decides about.
"""
_CLEAN = """
## What happens to every value

Text is cleaned before anything else sees it, transform or not: space around it, control characters,
zero-width spaces and byte order marks go, spaces that don't break become plain ones, and complete HTML
entities what they stand for. What can be seen is never changed: accents, apostrophes, emoji, every script and
its direction stay.
"""
_MET = (
    "  Closed\xa0Won\u200b ",
    "O&#39;Brien",
    "M&uuml;ller &amp;amp; S&ouml;hne",
    "AT&T",
    "?a=1&copy=2",
    "O\u2019Brien",
    "Ada 👩\u200d🔧",
    "Null",
)
_OWN = '''
## Your own

A transform is a plain function: the value first, options by name with a default each. It needs no import of
ours.

```python transform
def initials(value: str, *, dots: bool = False) -> str | None:
    """The first letter of every word.

    Args:
        value: any text.
        dots: whether a dot follows each letter.

    Examples:
        >>> initials("Ada Lovelace")
        'AL'

    """
    letters = [word[0].upper() for word in value.split() if word[0].isalpha()]
    return "".join(letter + "." * dots for letter in letters) or None
```

It is found by an entry point of the package that it stands in, under the name that mappings call it by:

```toml transform
[project.entry-points."leadrelay.transforms"]
initials = "our_transforms:initials"
```

- A first parameter annotated `str` gets trimmed text; any other annotation gets the value as the source has
  it.
- The options, their types and their defaults are read from the signature, their descriptions from `Args`. A
  wrong name or type is an error where the mapping is read. An option called `timezone` that isn't given is
  the source's zone.
- It returns text, a number, true or false, a date or a time; None is nothing.
- What can't be used is a `ValueError` that says what is wrong and what was expected, never the value. Any
  other exception sets the one record aside as `fails: TypeError`.
'''

#: What a page can't show.
_SHOWN = str.maketrans({"\n": "⏎", "\xa0": "␣", "\u200b": "␣"})


def transforms_page() -> str:
    """Return the page as it has to be."""
    rows = [f"| [{name}](#{name}) | {_cell(_summary(name))} |" for name in NAMES]
    table = "\n".join(["| name | gives |", "|---|---|", *rows])
    return "\n".join([_HEAD, table, _CLEAN, _cleaned(), *map(_section, NAMES)]) + "\n" + _OWN


def _cleaned() -> str:
    rows = [f"| {_code(value)} | {_code(clean(value))} |" for value in _MET]
    return "\n".join(["| value | becomes |", "|---|---|", *rows])


def _docstring(name: str) -> str:
    return inspect.getdoc(function(name)) or ""


def _summary(name: str) -> str:
    return _docstring(name).partition("\n")[0]


def _section(name: str) -> str:
    parts = [f"\n## {name}\n\n{_summary(name)}", _value(name), _options(name), _examples(name)]
    return "\n\n".join(filter(None, parts))


def _arguments(name: str) -> dict[str, str]:
    section = re.search(r"(?ms)^Args:\n(.*?)(?=^\S|\Z)", _docstring(name))[1]
    found = re.findall(r"(?ms)^    (\w+): (.*?)(?=^    \w|\Z)", section)
    return {argument: " ".join(text.split()) for argument, text in found}


def _said(name: str, heading: str) -> str:
    found = re.search(rf"(?ms)^{heading}:\n(.*?)(?=^\S|\Z)", _docstring(name))
    return " ".join(found[1].split()).replace("None when", "nothing when") if found else ""


def _value(name: str) -> str:
    lines = [f"- takes {_arguments(name)['value']}"]
    if returns := _said(name, "Returns"):
        lines.append(f"- gives {returns[0].lower()}{returns[1:]}")
    if raises := _said(name, "Raises").removeprefix("ValueError: "):
        lines.append(f"- refuses a value {raises}")
    return "\n".join(_wrapped(line) for line in lines)


def _wrapped(line: str) -> str:
    """Return a line of a list as lines of 120 characters."""
    lines = [""]
    for word in line.split(" "):
        if len(lines[-1]) + len(word) > 118:
            lines.append(" ")
        lines[-1] += f" {word}" if lines[-1] else word
    return "\n".join(lines)


def _options(name: str) -> str:
    described = _arguments(name)
    options = list(inspect.signature(function(name)).parameters.values())[1:]
    if not options:
        return ""
    rows = [f"| `{each.name}` | {_default(each)} | {_cell(described[each.name])} |" for each in options]
    return "\n".join(["| option | default | |", "|---|---|---|", *rows])


def _default(option: inspect.Parameter) -> str:
    if option.default is None or option.name == "timezone":  # which the source knows
        return ""
    return f"`{_yaml(option.default)}`"


def _examples(name: str) -> str:
    rows = [
        f"| {_code(value)} | `{as_written(name, options)}` | {_answer(name, value, options)} |"
        for value, options in calls(name)
    ]
    return "\n".join(["| value | `as` | becomes |", "|---|---|---|", *rows])


def calls(name: str) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Yield the value and the options of every call in the examples."""
    for example in examples(name).examples:
        for node in ast.walk(ast.parse(example.source)):
            if isinstance(node, ast.Call):
                options = {each.arg or "": ast.literal_eval(each.value) for each in node.keywords}
                yield ast.literal_eval(node.args[0]), options


def as_written(name: str, options: dict[str, Any]) -> str:
    """Return what a mapping says after `as`."""
    if not options:
        return name
    said = ", ".join(f"{option}: {_yaml(value)}" for option, value in options.items())
    return f"{{ {name}: {{ {said} }} }}"


def _answer(name: str, value: Any, options: dict[str, Any]) -> str:
    try:
        found = function(name)(value, **options)
    except ValueError as error:
        return f"refused: {_cell(str(error))}"
    return "nothing" if found is None else _code(found)


def _yaml(value: Any) -> str:
    """Return a value as it is written in a mapping."""
    if isinstance(value, list):
        return f"[{', '.join(map(_yaml, value))}]"
    plain = isinstance(value, str) and re.fullmatch(r"[A-Za-z][\w ./]*", value)
    return str(value) if plain else json.dumps(value, ensure_ascii=False)


def _code(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False) if not isinstance(value, str) else value
    text = text.translate(_SHOWN).replace("|", "\\|")
    return f'`"{text}"`' if isinstance(value, str) else f"`{text}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "\\<")


if __name__ == "__main__":
    PAGE.write_text(transforms_page(), encoding="utf-8")
    sys.stdout.write(f"wrote {PAGE.relative_to(ROOT)}\n")
