"""What is new is found by the key: from the step that a reader has seen, per series. The index that found it by report
was a third of the database."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.drop_index("metric_at", table_name="metric")
