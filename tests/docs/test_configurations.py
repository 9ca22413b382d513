"""Every piece of YAML in the documents is a file that works."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from sync.config import load_config
from sync.located_yaml import ConfigError
from sync.mapping import parse_mapping
from tests.docs.pages import ROOT, Block, all_blocks, blocks

if TYPE_CHECKING:
    from pathlib import Path

CONNECTORS, MAPPINGS = blocks("yaml connector"), blocks("yaml mapping")
VARIABLES = {
    "HATCH_DEPARTMENT_ID": "12345678",
    "HATCH_API_KEY": "made-up",
    "AWS_ACCESS_KEY_ID": "made-up",
    "AWS_SECRET_ACCESS_KEY": "made-up",
    "AZURE_STORAGE_SAS_TOKEN": "sv=made-up",
    "AIRTABLE_TOKEN": "pat-made-up",
    "CRM_TOKEN": "made-up",
    "GOHIGHLEVEL_TOKEN": "pit-made-up",
    "CRM_CLIENT_ID": "made-up",
    "CRM_CLIENT_SECRET": "made-up",
    "HUBSPOT_CLIENT_ID": "made-up",
    "HUBSPOT_CLIENT_SECRET": "made-up",
    "HOUSECALLPRO_API_KEY": "made-up",
    "JOBBER_CLIENT_ID": "made-up",
    "JOBBER_CLIENT_SECRET": "made-up",
    "HUBSPOT_TOKEN": "pat-na1-made-up",
    "HUBSPOT_SECRET": "made-up",
    "CRM_HOOK_SECRET": "made-up",
    "PIPEDRIVE_TOKEN": "made-up",
    "CLOSE_API_KEY": "made-up",
    "SALESFORCE_CLIENT_ID": "made-up",
    "SALESFORCE_CLIENT_SECRET": "made-up",
    "ZOHO_CLIENT_ID": "made-up",
    "ZOHO_CLIENT_SECRET": "made-up",
    "ZOHO_REFRESH_TOKEN": "made-up",
    "SERVICETITAN_APP_KEY": "made-up",
    "SERVICETITAN_CLIENT_ID": "made-up",
    "SERVICETITAN_CLIENT_SECRET": "made-up",
    "ENTRA_TENANT": "contoso.onmicrosoft.com",
    "ENTRA_CLIENT_ID": "00000000-0000-0000-0000-000000000000",
    "ENTRA_CLIENT_SECRET": "made-up",
    "DATABASE_URL": "sqlite:///orders.db",
    "SHOP_URL": "postgresql://me:made-up@db.example.com/shop",
    "STATE_URL": "postgresql://me:made-up@db.example.com/leads",
}
ZONE = ZoneInfo("America/New_York")


def _project(directory: Path, connector: str) -> Path:
    """Lay out the files as the documents name them."""
    shutil.copytree(ROOT / "mappings", directory / "mappings")
    for block in MAPPINGS:
        name = block.text.split("\n")[0].removeprefix("# ")
        (directory / name).write_text(block.text, encoding="utf-8")
    file = directory / "connector.yaml"
    file.write_text(connector, encoding="utf-8")
    return file


def test_it_is_said_of_every_yaml_what_it_is() -> None:
    elsewhere = ("mappings/README.md", "mappings/COOKBOOK.md")  # they have tests of their own
    unsaid = [
        str(block)
        for block in all_blocks()
        if block.kind.startswith("yaml")
        and block.page not in elsewhere
        and block.kind not in ("yaml connector", "yaml mapping")
    ]
    assert unsaid == []
    assert len(CONNECTORS) >= 3
    assert len(MAPPINGS) >= 1


@pytest.mark.parametrize("block", CONNECTORS, ids=str)
def test_a_connector_works(block: Block, tmp_path: Path) -> None:
    config = load_config(_project(tmp_path, block.text), VARIABLES)
    assert config.sources
    for source in config.sources.values():
        assert list(map(str, source.mapping.run_examples())) == []


@pytest.mark.parametrize("block", MAPPINGS, ids=str)
def test_a_mapping_works(block: Block) -> None:
    mapping = parse_mapping(block.text, "mapping.yaml", timezone=ZONE)
    assert "examples:" in block.text
    assert list(map(str, mapping.run_examples())) == []


def test_a_wrong_one_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        load_config(_project(tmp_path, CONNECTORS[0].text.replace("type: hatch", "type: hutch")), VARIABLES)
