"""An index that tells by which mappings the leads of a source stand, without looking at each lead."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the index; what is there stays as it is."""
    op.create_index("ix_lead_mapping", "lead", ["endpoint", "source", "mapping_id"])
