"""Why a run did not succeed, as a kind. Of runs that ended before, only what is certain is said."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

#: Alarms that end a run. In a later attempt they may be of an earlier one, which failed otherwise.
_DIVERGED = "('loss_not_finite', 'grad_norm_not_finite', 'policy_loss_not_finite', 'loss_left')"


def upgrade() -> None:
    for table in ("run", "attempt"):
        op.add_column(table, sa.Column("failure", sa.Text(), nullable=True))
        op.add_column(table, sa.Column("good_step", sa.Integer(), nullable=True))
    op.execute("UPDATE run SET failure = 'stopped' WHERE status = 'stopped' AND NOT held")
    op.execute(
        "UPDATE run SET failure = 'diverged' WHERE status = 'failed' AND attempt = 1 AND EXISTS "  # noqa: S608 - no input
        f"(SELECT 1 FROM alarm WHERE alarm.run_number = run.number AND alarm.name IN {_DIVERGED})"
    )
