"""When each attempt entered which phase, and how far it came in it: what the time left is estimated from."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "phase",
        sa.Column("run_number", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("began_at", sa.Float(), nullable=False),
        sa.Column("began_step", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("stepped_at", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["run_number"], ["run.number"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_number", "attempt", "seq"),
    )
