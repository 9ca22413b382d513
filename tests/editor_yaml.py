"""YAML as editors read it, by the core schema of YAML 1.2: 012 and 1e3 are numbers, NO and on are text."""

from __future__ import annotations

import re
from typing import Any

import yaml

_CORE = {
    "null": r"~|null|Null|NULL|",
    "bool": r"true|True|TRUE|false|False|FALSE",
    "int": r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+",
    "float": r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
}


class _Loader(yaml.BaseLoader):
    """Text, but for what the core schema takes for something else."""

    yaml_implicit_resolvers: dict[Any, Any] = {}  # noqa: RUF012 - PyYAML's own way; a copy of its own


def _number(loader: yaml.BaseLoader, node: yaml.ScalarNode) -> float:
    text = node.value.lower()
    if text.startswith(("0x", "0o")):
        return int(text, 0)
    return int(text) if re.fullmatch(r"[-+]?[0-9]+", text) else float(text.replace(".inf", "inf"))


for _name, _pattern in _CORE.items():
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_name}", re.compile(f"^(?:{_pattern})$"), None)
_Loader.add_constructor("tag:yaml.org,2002:null", lambda _loader, _node: None)
_Loader.add_constructor("tag:yaml.org,2002:bool", lambda _loader, node: node.value.lower() == "true")
_Loader.add_constructor("tag:yaml.org,2002:int", _number)
_Loader.add_constructor("tag:yaml.org,2002:float", _number)


def read_as_editors_do(text: str) -> Any:
    """Return what a YAML file says, with text for every name."""
    return yaml.load(text, Loader=_Loader)  # noqa: S506 - a kind of BaseLoader, which makes no objects
