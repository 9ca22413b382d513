"""mappings/README.md and the cookbook: every mapping is one, its examples hold, and nothing is left out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from sync.cli.frame.starter import starter_files
from sync.lead import FIELDS
from sync.located_yaml import ConfigError
from sync.mapping import MappingSpec, parse_mapping
from sync.mapping.field_spec import FieldSpec
from sync.mapping.lookup_spec import LookupSpec
from sync.mapping.missing import WORDS
from sync.mapping.spec import ExampleSpec
from sync.mapping.time_formats import NAMES
from sync.mapping.transforming import installed
from tests.docs.pages import ROOT, Block, all_blocks, anchors
from tests.editor_yaml import read_as_editors_do

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pydantic import BaseModel

LANGUAGE = ROOT / "mappings" / "README.md"
PAGE = LANGUAGE.read_text(encoding="utf-8")
COOKBOOK = (ROOT / "mappings" / "COOKBOOK.md").read_text(encoding="utf-8")
BLOCKS = [block for block in all_blocks() if block.page.startswith("mappings/")]
MAPPINGS = [block for block in BLOCKS if block.kind == "yaml"]
ZONE = ZoneInfo("America/New_York")


def kinds(page: str) -> list[str]:
    """Return what else than a mapping is shown on a page."""
    return [block.kind for block in BLOCKS if block.page == page and block.kind != "yaml"]


def beside(page: str) -> dict[str, str]:
    """Return the files that a page says stand beside its mappings, by name."""
    named = ((block.kind.partition(" ")[2], block.text) for block in BLOCKS if block.page == page)
    return {name: text for name, text in named if "." in name}


def run(block: Block, directory: Path, text: str | None = None) -> list[str]:
    """Run the examples of a mapping on a page; return what does not hold."""
    for name, content in beside(block.page).items():
        (directory / name).parent.mkdir(exist_ok=True)
        (directory / name).write_text(content, encoding="utf-8")
    mapping = parse_mapping(text or block.text, block.page, timezone=ZONE, directory=directory)
    return list(map(str, mapping.run_examples()))


def test_every_block_is_looked_at() -> None:
    assert kinds("mappings/README.md") == [
        "csv reps.csv",
        "yaml zips.yaml",
        "yaml shared/contact.yaml",
        "yaml wrong",
        "text",
    ]
    assert kinds("mappings/COOKBOOK.md") == ["csv reps.csv", "yaml shared/contact.yaml"]
    assert len(MAPPINGS) >= 40


@pytest.mark.parametrize("block", MAPPINGS, ids=str)
def test_what_the_pages_show_is_so(block: Block, tmp_path: Path) -> None:
    assert run(block, tmp_path) == []
    assert "examples" in read_as_editors_do(block.text) or "ignore_changes" in block.text


def test_examples_on_the_page_can_fail(tmp_path: Path) -> None:
    (smallest,) = (
        block for block in MAPPINGS if "firstName: First Name\n  phoneNumber: Phone\n" in block.text
    )
    (said,) = run(smallest, tmp_path, smallest.text.replace("firstName: Ada", "firstName: Bob"))
    assert 'expected "Bob", got "Ada"' in said


def test_the_messages_are_those_of_the_program() -> None:
    wrong, said = (block.text for block in BLOCKS if block.kind in ("yaml wrong", "text"))
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


def keys_of(model: type[BaseModel]) -> set[str]:
    """Return the keys of a model as they are written."""
    return {field.alias or name for name, field in model.model_fields.items()}


def used(mapping: dict[str, Any]) -> Iterator[str]:
    """Yield every key that a mapping uses, with what it is a key of."""
    yield from (f"mapping.{key}" for key in mapping)
    yield from (f"lead.{key}" for key in mapping["lead"])
    yield from (f"example.{key}" for example in mapping.get("examples", ()) for key in example)
    for written in [*mapping["lead"].values(), *(mapping.get("custom") or {}).values()]:
        for field in written if isinstance(written, list) else [written]:
            yield from _used_by(field) if isinstance(field, dict) else ()


def _used_by(field: dict[str, Any]) -> Iterator[str]:
    yield from (f"field.{key}" for key in field)
    yield from (f"lookup.{key}" for key in field.get("lookup", ()))
    transforms = field.get("as", [])
    for transform in transforms if isinstance(transforms, list) else [transforms]:
        yield from (f"as.{name}" for name in ([transform] if isinstance(transform, str) else transform))


def test_every_key_is_used_in_an_example_that_runs() -> None:
    taught = [block for block in MAPPINGS if block.page == "mappings/README.md"]
    shown = {key for block in taught for key in used(read_as_editors_do(block.text))}
    expected = {f"as.{name}" for name in installed()} | {f"lead.{name}" for name in FIELDS}
    for kind, model in {
        "field": FieldSpec,
        "lookup": LookupSpec,
        "mapping": MappingSpec,
        "example": ExampleSpec,
    }.items():
        expected |= {f"{kind}.{key}" for key in keys_of(model)}
    assert expected - shown == set()


def test_every_key_is_in_the_table_at_the_end() -> None:
    rows = [line.split("|")[1] for line in PAGE.partition("## Every key")[2].splitlines() if "|" in line]
    listed = {key for row in rows for key in re.findall(r"`(\w+)`", row)}
    assert listed == keys_of(FieldSpec) | keys_of(MappingSpec)


def test_the_cookbook_has_twenty_situations_and_lists_each() -> None:
    situations = re.findall(r"(?m)^## (.+)$", COOKBOOK)
    assert len(situations) == 20
    listed = re.findall(r"\(#([\w-]+)\)", COOKBOOK)
    assert sorted(listed) == sorted(anchors(ROOT / "mappings" / "COOKBOOK.md") - {"cookbook-of-mappings"})


def test_a_new_project_has_both_pages() -> None:
    files, linked = starter_files([]), re.compile(r"\[[^]]+\]\([^)]+\)")
    for name, page in {"README.md": PAGE, "COOKBOOK.md": COOKBOOK}.items():
        lines = zip(files[f"mappings/{name}"].splitlines(), page.splitlines(), strict=True)
        assert [own for own, ours in lines if own != ours and not linked.search(ours)] == []


def test_every_situation_has_a_mapping_and_says_why() -> None:
    for section in COOKBOOK.split("\n## ")[1:]:
        *_, why = section.rpartition("```\n")
        assert re.search(r"(?m)^```yaml\n", section), section
        assert "examples:" in section, section
        assert 60 < len(why.strip()) < 400, section
