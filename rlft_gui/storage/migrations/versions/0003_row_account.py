"""A run keeps what its worker made of the rows it was given."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("run", sa.Column("row_account", sa.JSON(none_as_null=True), nullable=True))
