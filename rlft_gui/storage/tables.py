"""Every table, once. Queries live in the files named after what they are about; other packages never see a row.

A run has two keys: `id`, which people read, and the integer `number`, which the big tables refer to (a text key in
each metric row makes the file several times larger). Nothing here is particular to SQLite but `WITHOUT ROWID`.
"""

import sqlalchemy as sa

metadata = sa.MetaData()

pipeline = sa.Table(
    "pipeline",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("launch_id", sa.Text, nullable=False, unique=True),  # a double click is one launch
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("method", sa.Text, nullable=False),
    sa.Column("base", sa.Text, nullable=False),
    sa.Column("spec", sa.JSON, nullable=False),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("created_at", sa.Float, nullable=False),
    sqlite_autoincrement=True,
)

run = sa.Table(
    "run",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("pipeline_id", sa.Text, sa.ForeignKey("pipeline.id"), nullable=False, index=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("stage", sa.Text, nullable=False),
    sa.Column("method", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("base", sa.Text, nullable=False),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("recipe", sa.JSON, nullable=False),
    sa.Column("status", sa.Text, nullable=False, index=True),
    sa.Column("reason", sa.Text),
    sa.Column("failure", sa.Text),  # of what kind it is, where that is known for certain
    sa.Column("good_step", sa.Integer),  # the newest checkpoint from before it diverged
    sa.Column(
        "held", sa.Boolean, nullable=False
    ),  # stopped only because its source was; queued again with it
    sa.Column("phase", sa.Text),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("device", sa.Text),  # held while live: "cpu", "gpu:0"
    sa.Column("step", sa.Integer, nullable=False),
    sa.Column("total_steps", sa.Integer),
    sa.Column("facts", sa.JSON, nullable=False),  # what the worker found out when it planned
    sa.Column("row_account", sa.JSON(none_as_null=True)),  # what the worker made of the rows it was given
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("started_at", sa.Float),
    sa.Column("ended_at", sa.Float),
    # How far events.jsonl was read, moved by compare-and-set in the transaction that stores what was read.
    sa.Column("read_offset", sa.BigInteger, nullable=False),
    sa.Column("read_attempt", sa.Integer, nullable=False),
    sa.Column("read_seq", sa.Integer, nullable=False),
    sa.Column("last_at", sa.BigInteger, nullable=False),  # highest metric.at ever given out
    sa.Column("drops", sa.Integer, nullable=False),  # how often a resumed attempt took back points
    sa.Column("deleted_at", sa.Float),  # in the bin since; what lists runs leaves it out
    sqlite_autoincrement=True,
)

# The database itself keeps two runs off one device.
sa.Index(
    "run_device",
    run.c.device,
    unique=True,
    sqlite_where=run.c.device.is_not(None),
)

# What a run takes from an earlier run, by role. It `waits` until that run has succeeded, unless it named a checkpoint
# that already exists.
link = sa.Table(
    "link",
    metadata,
    sa.Column("run_number", sa.ForeignKey("run.number", ondelete="CASCADE"), primary_key=True),
    sa.Column("role", sa.Text, primary_key=True),  # "adapter", "data", "reward"
    sa.Column("source_number", sa.ForeignKey("run.number"), nullable=False, index=True),
    sa.Column("waits", sa.Boolean, nullable=False),
    # Somebody has yet to let the source's rows pass.
    sa.Column("review", sa.Boolean, nullable=False, server_default=sa.false()),
)

attempt = sa.Table(
    "attempt",
    metadata,
    sa.Column("run_number", sa.ForeignKey("run.number", ondelete="CASCADE"), primary_key=True),
    sa.Column("attempt", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("launcher", sa.Text, nullable=False),
    sa.Column("handle", sa.Text),  # the launcher's own name for it, where it has one
    sa.Column("device", sa.Text, nullable=False),
    sa.Column("claimed_at", sa.Float, nullable=False),
    sa.Column("started_at", sa.Float),
    sa.Column("ended_at", sa.Float),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("failure", sa.Text),
    sa.Column("good_step", sa.Integer),
)

# What an attempt did when: a row for each phase event, and how far it came in that phase.
phase = sa.Table(
    "phase",
    metadata,
    sa.Column("run_number", sa.ForeignKey("run.number", ondelete="CASCADE"), primary_key=True),
    sa.Column("attempt", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),  # of the event
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("began_at", sa.Float, nullable=False),
    sa.Column("began_step", sa.Integer, nullable=False),
    sa.Column("step", sa.Integer, nullable=False),
    sa.Column("stepped_at", sa.Float),  # when `step` was reported; null before the first in this phase
)

metric_name = sa.Table(
    "metric_name",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
)

metric = sa.Table(
    "metric",
    metadata,
    sa.Column("run_number", sa.ForeignKey("run.number", ondelete="CASCADE"), primary_key=True),
    sa.Column("name_id", sa.ForeignKey("metric_name.id"), primary_key=True),
    sa.Column("step", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("value", sa.Float),  # SQLite turns NaN into NULL, so `nonfinite` says which kind it was
    sa.Column("nonfinite", sa.Text),  # "nan", "inf", "-inf"
    sa.Column("at", sa.BigInteger, nullable=False),  # grows within the run, and never falls as steps grow
    sa.Column("rank", sa.Integer, nullable=False),  # 0, 1, 2 … within the series: what a stride divides
    sqlite_with_rowid=False,
)

sample = sa.Table(
    "sample",
    metadata,
    sa.Column("run_number", sa.ForeignKey("run.number", ondelete="CASCADE"), primary_key=True),
    sa.Column("step", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("item_id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("prompt", sa.Text, nullable=False),
    sa.Column("completion", sa.Text, nullable=False),
    sa.Column("scores", sa.JSON, nullable=False),
)

# What a batch asks: kept with the run, for the suite may be deleted.
batch_prompt = sa.Table(
    "batch_prompt",
    metadata,
    sa.Column("run_number", sa.ForeignKey("run.number", ondelete="CASCADE"), primary_key=True),
    sa.Column("item_id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("messages", sa.JSON, nullable=False),
    sa.Column("right", sa.Text, nullable=False),
)

batch_answer = sa.Table(
    "batch_answer",
    metadata,
    sa.Column("run_number", sa.ForeignKey("run.number", ondelete="CASCADE"), primary_key=True),
    sa.Column("model", sa.Text, primary_key=True),  # as asked for: "base", "RUN@step"
    sa.Column("item_id", sa.Text, primary_key=True),
    sa.Column("seed", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("checkpoint", sa.Text),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("tokens", sa.Integer, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("finish", sa.Text),
    sa.Column("error", sa.Text),
    sa.Column("scores", sa.JSON, nullable=False),
)

checkpoint = sa.Table(
    "checkpoint",
    metadata,
    sa.Column("run_number", sa.ForeignKey("run.number", ondelete="CASCADE"), primary_key=True),
    sa.Column("step", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("bytes", sa.BigInteger, nullable=False),
    sa.Column("created_at", sa.Float, nullable=False),
)

alarm = sa.Table(
    "alarm",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("run_number", sa.ForeignKey("run.number", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("step", sa.Integer, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("created_at", sa.Float, nullable=False),
)

dataset = sa.Table(
    "dataset",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False, index=True),
    sa.Column("info", sa.JSON, nullable=False),  # the whole DatasetInfo
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("created_at", sa.Float, nullable=False),
)

comparison = sa.Table(
    "comparison",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("base", sa.Text, nullable=False),
    sa.Column("models", sa.JSON, nullable=False),
    sa.Column("prompts", sa.JSON, nullable=False),
    sa.Column("item_ids", sa.JSON, nullable=False),  # suite item per prompt, null where it was typed
    sa.Column("sampling", sa.JSON, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("device", sa.Text, nullable=False),
    sa.Column("note", sa.Text),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("system", sa.Text, nullable=False, server_default=""),
    sa.Column("chat", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("draws", sa.Integer, nullable=False, server_default="1"),
    sa.Column("deleted_at", sa.Float),
    sqlite_autoincrement=True,
)

generation = sa.Table(
    "generation",
    metadata,
    sa.Column("comparison_id", sa.ForeignKey("comparison.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("pane", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("prompt_index", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("draw", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("seed", sa.Integer, nullable=False),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("checkpoint", sa.Text),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("method", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("tokens", sa.Integer, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("finish", sa.Text),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("error", sa.Text),
    sa.Column("scores", sa.JSON, nullable=False),
)

# What was asked and what was answered, each once however often it was judged. Never changed, and never deleted while a
# vote names it: votes outlive the comparisons, runs and files that answers come from.
judged_prompt = sa.Table(
    "judged_prompt",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),  # a hash of the messages
    sa.Column("messages", sa.JSON, nullable=False),
    sa.Column("item_id", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
)

answer = sa.Table(
    "answer",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),  # a hash of prompt, model and text
    sa.Column("prompt_id", sa.ForeignKey("judged_prompt.id"), nullable=False, index=True),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("run_id", sa.Text),  # no key: the run may be deleted
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("length", sa.Integer, nullable=False),  # characters, so that ratings need not read texts
    sa.Column("facts", sa.JSON, nullable=False),
)

vote_set = sa.Table(
    "vote_set",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("rubric", sa.Text, nullable=False),
    sa.Column("attributes", sa.JSON, nullable=False),
    sa.Column("sources", sa.JSON, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("plan", sa.JSON, nullable=False),
    # False while its votes are still being written: until then neither it nor they count.
    sa.Column("is_whole", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("created_at", sa.Float, nullable=False),
    sqlite_autoincrement=True,
)

# Rows are only added. Numbers are never given twice, so that a view can say up to which vote it goes.
vote = sa.Table(
    "vote",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("set_number", sa.ForeignKey("vote_set.number"), nullable=False),
    sa.Column("rater", sa.Text, nullable=False),
    sa.Column("rater_kind", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("prompt_id", sa.ForeignKey("judged_prompt.id"), nullable=False),
    sa.Column("a", sa.ForeignKey("answer.id"), nullable=False),
    sa.Column("b", sa.ForeignKey("answer.id")),
    sa.Column("left", sa.Text, nullable=False),
    sa.Column("won", sa.Float),  # the share of a pair's verdict that goes to a
    sa.Column("verdict", sa.JSON, nullable=False),
    sa.Column("rubric", sa.Text, nullable=False),
    sa.Column("seconds", sa.Float),
    sa.Column("ballot", sa.Text, unique=True),  # a double click is one vote
    sa.Column("repeat_of", sa.Integer),
    sa.Column("expected", sa.Text),
    sa.Column("created_at", sa.Float, nullable=False),
    sqlite_autoincrement=True,
)
sa.Index("vote_of_set", vote.c.set_number, vote.c.kind, vote.c.number)

withdrawn = sa.Table(
    "withdrawn",
    metadata,
    sa.Column("vote_number", sa.ForeignKey("vote.number"), primary_key=True),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
)

ballot = sa.Table(
    "ballot",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("set_number", sa.ForeignKey("vote_set.number"), nullable=False),
    sa.Column("rater", sa.Text, nullable=False),
    sa.Column("rater_kind", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("prompt_id", sa.ForeignKey("judged_prompt.id"), nullable=False),
    sa.Column("a", sa.ForeignKey("answer.id"), nullable=False),
    sa.Column("b", sa.ForeignKey("answer.id")),
    sa.Column("left", sa.Text, nullable=False),
    sa.Column("repeat_of", sa.Integer),
    sa.Column("expected", sa.Text),
    sa.Column("offered_at", sa.Float, nullable=False),
    sa.Column("expires_at", sa.Float, nullable=False),
    sa.Column("skipped_at", sa.Float),
)
sa.Index("ballot_of_set", ballot.c.set_number, ballot.c.prompt_id)

# Somebody besides the machine's owner, who needs no row. `key` is the name in small letters: two names that differ in
# capitals alone are one.
account = sa.Table(
    "account",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("password", sa.Text, nullable=False),  # a hash by argon2
    sa.Column("created_at", sa.Float, nullable=False),
)

# By a hash, so that who reads the database cannot sign in with what it holds.
session = sa.Table(
    "session",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("user", sa.Text, nullable=False, index=True),
    sa.Column("made_with", sa.Text, nullable=False),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("seen_at", sa.Float, nullable=False),
)

# Rows are only added: triggers of the migration refuse to change or delete one.
audit = sa.Table(
    "audit",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("user", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)
