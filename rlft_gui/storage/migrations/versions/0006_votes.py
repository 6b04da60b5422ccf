"""Votes: what was asked, what was answered, what was said of it, and what is shown to whom."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "judged_prompt",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("messages", sa.JSON(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "answer",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("prompt_id", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["prompt_id"], ["judged_prompt.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_answer_prompt_id", "answer", ["prompt_id"])
    op.create_table(
        "vote_set",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("rubric", sa.Text(), nullable=False),
        sa.Column("attributes", sa.JSON(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("name"),
        sqlite_autoincrement=True,
    )
    op.create_table("vote", *_judging(), *_vote_only(), sqlite_autoincrement=True)
    op.create_index("vote_of_set", "vote", ["set_number", "kind", "number"])
    op.create_table(
        "withdrawn",
        sa.Column("vote_number", sa.Integer(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["vote_number"], ["vote.number"]),
        sa.PrimaryKeyConstraint("vote_number"),
    )
    op.create_table(
        "ballot",
        sa.Column("id", sa.Text(), nullable=False),
        *_judging(),
        sa.Column("offered_at", sa.Float(), nullable=False),
        sa.Column("expires_at", sa.Float(), nullable=False),
        sa.Column("skipped_at", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ballot_of_set", "ballot", ["set_number", "prompt_id"])


def _judging() -> list[sa.schema.SchemaItem]:
    """Who judges what, and how it is shown: the same in votes and ballots."""
    return [
        sa.Column("set_number", sa.Integer(), nullable=False),
        sa.Column("rater", sa.Text(), nullable=False),
        sa.Column("rater_kind", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("prompt_id", sa.Text(), nullable=False),
        sa.Column("a", sa.Text(), nullable=False),
        sa.Column("b", sa.Text(), nullable=True),
        sa.Column("left", sa.Text(), nullable=False),
        sa.Column("repeat_of", sa.Integer(), nullable=True),
        sa.Column("expected", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["set_number"], ["vote_set.number"]),
        sa.ForeignKeyConstraint(["prompt_id"], ["judged_prompt.id"]),
        sa.ForeignKeyConstraint(["a"], ["answer.id"]),
        sa.ForeignKeyConstraint(["b"], ["answer.id"]),
    ]


def _vote_only() -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("won", sa.Float(), nullable=True),
        sa.Column("verdict", sa.JSON(), nullable=False),
        sa.Column("rubric", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("ballot", sa.Text(), nullable=True),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("ballot"),
    ]
