"""A run may be deleted and brought back."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("run", sa.Column("deleted_at", sa.Float(), nullable=True))
