"""What `init` writes: the starter of the wheel, with only the sources that are wanted."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sync.cli.frame.failures import Refused
from sync.located_yaml import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sources.starting import Starter

_IGNORED = (".env", "leadrelay.db*", ".leadrelay/")
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(:-[^{}]*)?\}")
_SOURCE = re.compile(r"  ([A-Za-z0-9][\w-]*):\s*(#.*)?")
_TYPE = re.compile(r"^    type:\s*(\S+)", re.MULTILINE)
_MAPPING = re.compile(r"^    mapping:\s*(\S+)", re.MULTILINE)
#: In a page, a link to a file.
_LINK = re.compile(r"\[([^]]+)\]\(([^)#:]+\.md(?:#[^)]*)?)\)")
_FIRST_SYNC = re.compile(r"^(    first_sync:) everything$", re.MULTILINE)
_PLAIN_MAPPING = """# From a record to a lead. On the right: columns, or paths as in properties.phone.
lead:
  firstName: first_name
  lastName: last_name
  phoneNumber: phone
  email: email

examples:
  - record: { first_name: Ada, last_name: Example, phone: "(804) 555-0123" }
    lead: { firstName: Ada, phoneNumber: "8045550123" }
"""


def starter_files(types: Sequence[str]) -> dict[str, str]:
    """Return the files of a starter by their names, with an example of each of these types of source.

    Raises:
        Refused: for a type that is not installed.

    """
    folder = _folder()
    head, blocks = _split((folder / "connector.yaml").read_text(encoding="utf-8"))
    chosen = _chosen(blocks, types) if types else blocks
    connector = head + "\n".join(text.rstrip() + "\n" for text in chosen.values())
    mappings = {}
    for name in dict.fromkeys(_MAPPING.findall(connector)):
        there = folder / name
        mappings[name] = there.read_text(encoding="utf-8") if there.exists() else _mapping(name)
    return _with_the_rest(connector, mappings)


def source_names(connector: str) -> list[str]:
    """Return the names of the sources of a starter's connector.yaml."""
    return list(_split(connector)[1])


def _mapping(name: str) -> str:
    """Return the mapping that the package of a source type brings, or a plain one."""
    starter = _starter(Path(name).stem)
    return starter.mapping if starter else _PLAIN_MAPPING


def _starter(kind: str) -> Starter | None:
    from sources.registry import installed
    from sources.starting import starter_of

    point = installed().get(kind)
    return starter_of(point) if point else None


def files_around(section: str, mappings: Mapping[str, str]) -> dict[str, str]:
    """Return the files of a project with this section of a source, and these mappings."""
    head, _ = _split((_folder() / "connector.yaml").read_text(encoding="utf-8"))
    return _with_the_rest(head + section, mappings)


def _with_the_rest(connector: str, mappings: Mapping[str, str]) -> dict[str, str]:
    """Return connector.yaml and mappings with the files that every project has."""
    from sync.cli.frame.editor_schemas import referring, schema_files

    yaml_files = {"connector.yaml": connector, **mappings}
    files = {name: referring(name, text) for name, text in yaml_files.items()} | schema_files()
    files |= _pages()
    files[".env.example"] = _env(connector)
    files[".gitignore"] = "".join(f"{line}\n" for line in _IGNORED)
    return files


def _pages() -> dict[str, str]:
    """Return what teaches the language of mappings, with links to what a project has."""
    pages = [*sorted((_folder() / "mappings").glob("*.md")), _folder() / "docs" / "transforms.md"]
    texts = {page.name: page.read_text(encoding="utf-8") for page in pages}
    return {f"mappings/{name}": _linked(text, texts) for name, text in texts.items()}


def _linked(text: str, pages: Iterable[str]) -> str:
    """Return a page whose links lead to its neighbours; of other pages only the name stays."""

    def mended(link: re.Match[str]) -> str:
        name, _, anchor = link[2].rpartition("/")[2].partition("#")
        if name in pages:
            return f"[{link[1].rpartition('/')[2]}]({name}{'#' if anchor else ''}{anchor})"
        return f"{link[1]} (docs/{name} of leadrelay)"

    return _LINK.sub(mended, text)


def _folder() -> Path:
    """Return where the starter is: in the wheel, or in the checkout that this runs from."""
    package = Path(__file__).resolve().parents[2]
    packed = package / "starter"
    return packed if packed.is_dir() else package.parent


def _split(text: str) -> tuple[str, dict[str, str]]:
    """Split connector.yaml into what comes before the sources, and each source with its comments."""
    lines = text.splitlines(keepends=True)
    start = next(index for index, line in enumerate(lines) if line.startswith("sources:")) + 1
    blocks: dict[str, str] = {}
    ahead: list[str] = []
    name = ""
    for line in lines[start:]:
        match = _SOURCE.fullmatch(line.rstrip("\n"))
        if match:
            name = match[1]
            blocks[name] = "".join([*ahead, line])
            ahead = []
        elif name and (line.startswith("    ") or not line.strip()):
            blocks[name] += "".join([*ahead, line])
            ahead = []
        else:
            ahead.append(line)
    return "".join(lines[:start]), blocks


def _chosen(blocks: Mapping[str, str], types: Sequence[str]) -> dict[str, str]:
    by_type: dict[str, tuple[str, str]] = {}
    for name, text in blocks.items():
        found = _TYPE.search(text)
        if found:
            by_type.setdefault(found[1], (name, text))
    chosen = dict(by_type.get(kind) or (kind, _block(kind)) for kind in dict.fromkeys(types))
    # The tour shows what there is to choose; what somebody fills in must not text all that they have.
    return {name: _FIRST_SYNC.sub(r"\1 now", text) for name, text in chosen.items()}


def _block(kind: str) -> str:
    """Return the section that an adapter brings, or one of all its settings."""
    from sources.registry import installed, load
    from sync.cli.frame.settings_rows import settings_of

    if kind not in installed():
        close = did_you_mean(kind, installed())
        raise Refused(f'no source type "{kind}" is installed{close}; there are: {", ".join(installed())}')
    starter = _starter(kind)
    if starter:
        return "".join(f"  {line}\n" for line in starter.source.splitlines())
    settings = [each for each in settings_of(load(kind).Settings) if "." not in each.name]
    lines = [f"  {kind}:", f"    type: {kind}"]
    for each in settings:
        mark = "" if each.required else "# "
        lines.append(f"    {mark}{each.name}: {_value(kind, each)}  # {each.description}")
    lines += [
        f"    mapping: mappings/{kind}.yaml",
        "    first_sync: now  # or everything, or a date: see the settings of every source",
        "    schedule: every 5m",
        "    max_sends: 500/h",
    ]
    return "".join(f"{line}\n" for line in lines)


def _value(kind: str, setting: Any) -> str:
    if setting.secret:
        return f"${{{kind}_{setting.name}}}".upper()
    if isinstance(setting.default, bool):
        return str(setting.default).lower()
    if setting.default not in (None, [], {}):
        return str(setting.default)
    return f"<{setting.kind}>" if setting.required else "…"


def _env(connector: str) -> str:
    """Return .env.example: every variable that the file names and has no value for."""
    uncommented = "\n".join(line.partition("#")[0] for line in connector.splitlines())
    wanted = {name for name, default in _matches(uncommented) if not default}
    lines = ["# Copy this file to .env and fill it in. .env is read, and must never be committed."]
    return "".join(f"{line}\n" for line in [*lines, *(f"{name}=" for name in sorted(wanted))])


def _matches(text: str) -> Iterable[tuple[str, str]]:
    return ((match[1], match[2] or "") for match in _VARIABLE.finditer(text))
