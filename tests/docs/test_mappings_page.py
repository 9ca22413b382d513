"""mappings/README.md: every mapping on the page is one, its examples hold, and nothing is left out."""

from __future__ import annotations

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from sync.lead import FIELDS
from sync.located_yaml import ConfigError
from sync.mapping import MappingSpec, parse_mapping
from sync.mapping.field_spec import FieldSpec
from sync.mapping.lookup_spec import LookupSpec
from sync.mapping.missing import WORDS
from sync.mapping.spec import ExampleSpec
from sync.mapping.time_formats import NAMES
from sync.mapping.transforming import installed

PAGE = (Path(__file__).resolve().parent.parent.parent / "mappings" / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"(?ms)^```(.*?)\n(.*?)^```$", PAGE)
MAPPINGS = [text for kind, text in BLOCKS if kind == "yaml"]
#: What the page says that stands beside a mapping, by name.
BESIDE = {name: text for kind, text in BLOCKS for _, _, name in [kind.partition(" ")] if "." in name}
ZONE = ZoneInfo("America/New_York")


def test_every_block_is_looked_at() -> None:
    others = [kind for kind, _ in BLOCKS if kind != "yaml"]
    assert others == ["csv reps.csv", "yaml shared/contact.yaml", "yaml wrong", "text"]
    assert len(MAPPINGS) > 12


@pytest.mark.parametrize("text", MAPPINGS, ids=lambda text: text.split("\n")[1].strip())
def test_what_the_page_shows_is_so(text: str, tmp_path: Path) -> None:
    for name, beside in BESIDE.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(beside, encoding="utf-8")
    mapping = parse_mapping(text, "README.md", timezone=ZONE, directory=tmp_path)
    assert list(map(str, mapping.run_examples())) == []


def test_examples_on_the_page_can_fail() -> None:
    text = MAPPINGS[0].replace("firstName: Ada", "firstName: Bob")
    assert 'expected "Bob", got "Ada"' in str(parse_mapping(text, "x", timezone=ZONE).run_examples()[0])


def test_the_messages_are_those_of_the_program() -> None:
    wrong, said = (text for kind, text in BLOCKS if kind in ("yaml wrong", "text"))
    with pytest.raises(ConfigError) as refused:
        parse_mapping(wrong, "mappings/crm.yaml", timezone=ZONE)
    shown = [line.removesuffix("…") for line in said.splitlines()]
    found = str(refused.value).split("\n")
    assert [message[: len(line)] for message, line in zip(found, shown, strict=True)] == shown


def test_the_page_leaves_nothing_out() -> None:
    fields = (field.alias or name for name, field in FieldSpec.model_fields.items())
    named = {*fields, *MappingSpec.model_fields, *ExampleSpec.model_fields, *FIELDS, *NAMES, *WORDS}
    named |= {*LookupSpec.model_fields, *installed()}
    assert {name for name in named if not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", PAGE)} == set()
