"""A comparison may ask with several seeds, go on as a conversation, have a system prompt, and be deleted and brought back.

A draw is part of what a generation is known by, and SQLite changes no primary key: its table is made anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_KEPT = "comparison_id, pane, prompt_index, model, checkpoint, title, method, text, tokens, seconds, finish, status, error, scores"


def upgrade() -> None:
    op.add_column("comparison", sa.Column("system", sa.Text(), nullable=False, server_default=""))
    op.add_column("comparison", sa.Column("chat", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("comparison", sa.Column("draws", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("comparison", sa.Column("deleted_at", sa.Float(), nullable=True))
    op.rename_table("generation", "generation_before")
    op.create_table("generation", *_generation())
    op.execute(
        f"INSERT INTO generation ({_KEPT}, draw, seed) SELECT {_KEPT}, 0, coalesce((SELECT "  # noqa: S608 - no input
        "json_extract(sampling, '$.seed') FROM comparison WHERE id = comparison_id), 0) FROM generation_before"
    )
    op.drop_table("generation_before")


def _generation() -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("comparison_id", sa.Text(), nullable=False),
        sa.Column("pane", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("prompt_index", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("draw", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("checkpoint", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("tokens", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("finish", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["comparison_id"], ["comparison.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("comparison_id", "pane", "prompt_index", "draw"),
    ]
