"""What `init --adapter` writes: a package with a source type of its own, which works and is tested."""

from __future__ import annotations

import keyword
import re
from pathlib import Path

from sync.cli.frame.failures import Refused
from sync.located_yaml import quoted

_TEMPLATE = Path(__file__).with_name("adapter_package")
#: The files of the package, with what each is made of.
_FILES = {
    "pyproject.toml": "pyproject.toml.txt",
    "README.md": "README.md.txt",
    ".gitignore": "gitignore.txt",
    "src/leadrelay_mycrm/__init__.py": "adapter.py.txt",
    "src/leadrelay_mycrm/py.typed": "",
    "src/leadrelay_mycrm/starters/mycrm.source.yaml": "source.yaml.txt",
    "src/leadrelay_mycrm/starters/mycrm.mapping.yaml": "mapping.yaml.txt",
    "tests/double.py": "double.py.txt",
    "tests/test_mycrm.py": "test_adapter.py.txt",
}
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
#: In the template: as a name of modules, of classes, of a project, and of variables of the environment.
_MYCRM = re.compile(r"leadrelay-mycrm|mycrm|Mycrm|MYCRM")
_LONGEST = 40
_FORM = (
    "it becomes the name of a Python package: small letters, digits and single _, beginning with a letter, "
    f"at most {_LONGEST} of them, and no word of Python's own"
)


def adapter_files(name: str) -> dict[str, str]:
    """Return the files of a package with a source type of this name, by their paths.

    Raises:
        Refused: when it can be no name of a source type, or is one already.

    """
    _check(name)
    return {
        _named(path, name): _named((_TEMPLATE / made_of).read_text(encoding="utf-8") if made_of else "", name)
        for path, made_of in _FILES.items()
    }


def project_name(name: str) -> str:
    """Return the name of the package, as pip knows it."""
    return f"leadrelay-{name.replace('_', '-')}"


def _check(name: str) -> None:
    from sources.registry import installed

    taken = installed()
    same = next((kind for kind in taken if kind == name.lower().replace("_", "").replace("-", "")), name)
    if same in taken:
        raise Refused(f'there is a source type "{same}" already: see `leadrelay sources {same}`')
    if not _NAME.fullmatch(name) or keyword.iskeyword(name) or len(name) > _LONGEST:
        raise Refused(f"{quoted(name)} can't be the name of a source type{_likely(name)}; {_FORM}")
    if name == "source":
        raise Refused('"source" is what every source is called; take the name of the system that it reads')


def _likely(name: str) -> str:
    """Return `` (did you mean "my_crm"?)`` for the name in the form that it has to have."""
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", name)
    close = "_".join(word.lower() for word in words)[:_LONGEST].lstrip("0123456789_").rstrip("_")
    good = _NAME.fullmatch(close) and not keyword.iskeyword(close)
    return f' (did you mean "{close}"?)' if good else ""


def _named(text: str, name: str) -> str:
    title = "".join(word.capitalize() for word in name.split("_"))
    named = {"leadrelay-mycrm": project_name(name), "mycrm": name, "Mycrm": title, "MYCRM": name.upper()}
    return _MYCRM.sub(lambda found: named[found[0]], text)
