"""What a metric is, and those that several stages report: one name per thing, whatever trainer reported it.

Titles, units and the three-part tooltips (what it is, what good looks like, when it misleads) stand beside the name,
so that charts, tables, documentation and tests speak alike. What one stage alone reports stands in its file.
"""

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.charts import DISTANCE, family_panel


class Metric(Frozen):
    """One metric.

    Attributes:
        from_zero: its axis starts at zero, because zero means something.
        panel: title of the panel that its chart stands in; empty: its family's (domain/charts.py).
        is_last: within its panel it stands behind those that say more.
    """

    name: str
    title: str
    unit: str
    about: str
    from_zero: bool = False
    panel: str = ""
    is_last: bool = False

    @property
    def panel_title(self) -> str:
        return self.panel or family_panel(self.name)


SHARED: tuple[Metric, ...] = (
    Metric(
        name="loss",
        title="Loss",
        unit="",
        about="What the optimiser makes smaller. Falls, then levels off; where answers are rewarded it need not, so look "
        "at the reward. Never compare the losses of two methods.",
    ),
    Metric(
        name="lr",
        title="Learning rate",
        unit="",
        is_last=True,
        about="Size of the update steps. Rises in the warm-up, then decays as planned.",
    ),
    Metric(
        name="grad_norm",
        title="Gradient norm",
        unit="",
        is_last=True,
        about="Length of the gradient before clipping. Spikes go with instability.",
        from_zero=True,
    ),
    Metric(
        name="tokens",
        title="Tokens",
        unit="tokens",
        is_last=True,
        about="Tokens trained on so far.",
        from_zero=True,
    ),
    Metric(
        name="entropy/token",
        title="Entropy",
        unit="nats/token",
        about="Indecision per token. Falls slowly; below a quarter of its start, answers become copies.",
        from_zero=True,
    ),
    Metric(
        name="accuracy/token",
        title="Token accuracy",
        unit="share",
        about="Share of answer tokens guessed right. Towards 1 on training rows is memory.",
    ),
    Metric(
        name="pref/accuracy",
        title="Preference accuracy",
        unit="share",
        about="Share of pairs ranked right. Towards 1 on training pairs is memory; look at held-out pairs.",
    ),
    Metric(
        name="pref/margin",
        title="Preference margin",
        unit="nats × β",
        about="By how much the chosen answer leads. It can grow while both answers become less likely.",
    ),
    Metric(
        name="pref/chosen",
        title="Chosen reward",
        unit="nats × β",
        about="Usually falls under DPO, like the rejected one, and rises under KTO; the gap counts.",
    ),
    Metric(
        name="pref/rejected",
        title="Rejected reward",
        unit="nats × β",
        about="Usually falls under DPO, like the chosen one; the gap counts.",
    ),
    Metric(
        name="eval/loss",
        title="Held-out loss",
        unit="",
        about="Loss on rows kept out of training. Rising while the training loss falls is memory.",
    ),
    Metric(
        name="eval/pref/accuracy",
        title="Held-out preference accuracy",
        unit="share",
        about="Share of held-out pairs ranked right. Its ceiling is how often the annotators agree with themselves.",
    ),
    Metric(
        name="held/loss",
        title="Loss of good answers",
        unit="nats/token",
        about="How unlikely the model finds the good answers to held-out prompts, or held-out texts, alike for every method. Falling is learning; "
        "falling ever less and then rising is memory. Under DPO it may rise while pairs are told apart.",
    ),
    Metric(
        name="held/accuracy",
        title="Pairs told apart",
        unit="share",
        about="Share of held-out pairs whose chosen answer gained more on the base than the rejected. 0.5 is the base and "
        "chance, 1 is perfect; noisy labels keep it below.",
    ),
    Metric(
        name="held/reward/total",
        title="Held-out reward",
        unit="",
        about="Weighted sum of what scores answers to held-out prompts. Should rise; if it is what is trained on, read the "
        "answers too.",
    ),
    Metric(
        name="held/length",
        title="Held-out answer length",
        unit="tokens",
        about="Tokens per answer to held-out prompts. If it grows with the reward, the reward may just like long answers.",
        from_zero=True,
    ),
    Metric(
        name="held/kl",
        title="KL to base, held out",
        unit="nats/answer",
        about="Distance from the pipeline's base per answer to held-out prompts, estimated from the answers that were drawn, so that "
        "it may come out a little below 0. A slow climb is normal; it grows with length.",
        from_zero=True,
    ),
    Metric(
        name="reward/mean",
        title="Reward",
        unit="",
        about="Mean over the step's own answers, as scored. Rises if training works at all; trust it only beside the "
        "probe.",
    ),
    Metric(
        name="reward/trained",
        title="Reward trained on",
        unit="",
        about="The same mean with what cut answers earn instead of their own score. Far below the reward, many answers "
        "are cut: allow longer ones.",
    ),
    Metric(
        name="reward/std",
        title="Reward spread",
        unit="",
        about="Standard deviation over the step's answers of the reward trained on. At 0 there is nothing to learn from.",
        from_zero=True,
    ),
    Metric(
        name="reward/vetoed",
        title="Vetoed",
        unit="share",
        about="Share of answers that the veto refused. Falls as the model learns what it may not say.",
        from_zero=True,
    ),
    Metric(
        name="kl/token",
        title="KL to reference",
        unit="nats/token",
        about="Distance from where the run started. A slow climb is normal; above 0.3 look for a shortcut.",
        from_zero=True,
    ),
    Metric(
        name="length/mean",
        title="Answer length",
        unit="tokens",
        about="Tokens per sampled answer, its end token counted. If it grows with the reward, the reward may just like long answers.",
        from_zero=True,
    ),
    Metric(
        name="length/truncated",
        title="Cut answers",
        unit="share",
        about="Share of sampled answers without an end, cut at the longest length. Above 5 % it distorts the reward.",
        from_zero=True,
    ),
    Metric(
        name="policy_loss",
        title="Policy loss",
        unit="",
        about="The clipped loss. Near 0 by construction, with RLOO exactly 0 before the second update on the same answers: "
        "whether it falls says nothing about progress.",
    ),
    Metric(
        name="clip_fraction",
        title="Clipped",
        unit="share",
        panel=DISTANCE,
        about="Share of tokens that moved too far to learn more from. 0 with one update per step; above 0.3 too fast.",
        from_zero=True,
    ),
    Metric(
        name="probe/gold",
        title="Probe, gold score",
        unit="",
        about="Held-out prompts, sampled alike for every method. Rises, then levels off. The number to trust; small sets have wide intervals.",
    ),
    Metric(
        name="probe/gold/low",
        title="Probe, lower end",
        unit="",
        about="Lower end of the 95 % interval of the probe's mean, over prompts.",
    ),
    Metric(
        name="probe/gold/high",
        title="Probe, upper end",
        unit="",
        about="Upper end of the 95 % interval of the probe's mean, over prompts.",
    ),
    Metric(
        name="probe/kl/seq",
        title="KL to base",
        unit="nats/answer",
        about="Distance from the pipeline's base, per answer: the one axis that methods may share. Grows with length.",
        from_zero=True,
    ),
    Metric(
        name="probe/kl/token",
        title="KL to base",
        unit="nats/token",
        about="Distance from the pipeline's base, per token. A slow climb is normal; a jump is a shortcut.",
        from_zero=True,
    ),
    Metric(
        name="probe/length",
        title="Length",
        unit="tokens",
        about="Tokens per answer, its end token counted. If it grows with the reward, the reward may just like long answers.",
        from_zero=True,
    ),
    Metric(
        name="probe/truncated",
        title="Truncated",
        unit="share",
        about="Share of answers that hit the limit; above 5 % it distorts every score.",
        from_zero=True,
    ),
    Metric(
        name="probe/prompts",
        title="Probe prompts",
        unit="prompts",
        is_last=True,
        about="Held-out prompts that the last probe answered. Fewer make wider intervals.",
        from_zero=True,
    ),
    Metric(
        name="eval/rows",
        title="Held-out rows",
        unit="rows",
        is_last=True,
        about="Held-out rows that the last held-out loss is the mean of.",
        from_zero=True,
    ),
    Metric(
        name="probe/seconds",
        title="Probe time",
        unit="s",
        is_last=True,
        about="Time the last probe took.",
        from_zero=True,
    ),
)


#: Behind a metric's name, the ends of its interval.
ENDS = {"low": "Lower end", "high": "Upper end"}


def is_end(name: str) -> bool:
    """Whether it is drawn as the interval of another metric, never alone."""
    return name.rpartition("/")[2] in ENDS


def by_its_name(name: str) -> Metric:
    """A metric that nobody declared: what is measured by criterion, source or kind of prompt describes itself."""
    if name.startswith("reward/"):
        term = name.removeprefix("reward/")
        about = (
            f"Mean score of the reward's term {term}, before its weight. Rises if the optimiser works on it."
        )
        return Metric(name=name, title=term.replace("_", " ").capitalize(), unit="", about=about)
    if name.startswith("held/reward/") and not is_end(name):
        term = name.removeprefix("held/reward/")
        about = (
            f"Mean score of answers to held-out prompts by {term}. Should rise, if that is what is wanted."
        )
        return Metric(name=name, title=f"Scored by {term.replace('_', ' ')}", unit="", about=about)
    family, _, last = name.rpartition("/")
    if last in ENDS:
        about = f"{ENDS[last]} of the 95 % interval of {family}, over prompts."
        return Metric(name=name, title=f"{family}, {ENDS[last].lower()}", unit="", about=about)
    words = last.replace("_", " ")
    about = {
        "probe/score": f"Mean {words} over the probe's held-out prompts. Higher is better, but for repetition.",
        "eval/source": f"Share of held-out pairs from {words} ranked right. Few pairs, so it jumps.",
        "eval/rating": f"Rank correlation of predicted and given {words} on held-out answers. 1 is perfect, 0 chance.",
        "probe/kind": f"Mean gold score over the probe's prompts of the kind {words}. Few prompts, so it jumps.",
    }.get(family, name)
    title = {"eval/source": f"Pairs from {words}", "eval/rating": f"Ranks by {words}"}.get(family)
    return Metric(name=name, title=title or words.capitalize(), unit="", about=about)
