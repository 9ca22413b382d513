"""What delivery knows of an endpoint while it works, and what sources and endpoints are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add a column and a table; what is there stays as it is."""
    op.add_column("endpoint_state", sa.Column("working", sa.JSON(none_as_null=True), nullable=True))
    op.create_table(
        "identity",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("since", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_identity")),
    )
