"""A set of votes is not there before it is whole, so that a large import can be written in pieces."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("vote_set", sa.Column("is_whole", sa.Boolean(), nullable=False, server_default=sa.true()))
