"""A link may wait until somebody has let the rows pass that it takes."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("link", sa.Column("review", sa.Boolean(), nullable=False, server_default=sa.false()))
