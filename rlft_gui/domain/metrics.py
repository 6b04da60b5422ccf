"""The canonical metrics: one name per thing, whatever trainer reported it.

Titles, units and the three-part tooltips (what it is, what good looks like, when it misleads) live here, so
that charts, tables, documentation and tests speak alike.
"""

from rlft_gui.domain._base import Frozen


class Metric(Frozen):
    """One canonical metric. `from_zero` says that its axis starts at zero because zero means something."""

    name: str
    title: str
    unit: str
    about: str
    from_zero: bool = False


METRICS: tuple[Metric, ...] = (
    Metric(
        name="loss",
        title="Loss",
        unit="",
        about="What the optimiser makes smaller. Falls, then levels off. Never compare the losses of two methods.",
    ),
    Metric(
        name="lr",
        title="Learning rate",
        unit="",
        about="Size of the update steps. Rises in the warm-up, then decays as planned.",
    ),
    Metric(
        name="grad_norm",
        title="Gradient norm",
        unit="",
        about="Length of the gradient before clipping. Spikes go with instability.",
        from_zero=True,
    ),
    Metric(name="tokens", title="Tokens", unit="tokens", about="Tokens trained on so far.", from_zero=True),
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
        about="Usually falls under DPO, like the rejected one; the gap counts.",
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
    ),
    Metric(
        name="probe/kl/token",
        title="KL to base",
        unit="nats/token",
        about="Distance from the pipeline's base, per token. A slow climb is normal; a jump is a shortcut.",
    ),
    Metric(
        name="probe/length",
        title="Length",
        unit="tokens",
        about="Tokens per answer. If it grows with the reward, the reward may just like long answers.",
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
        name="probe/seconds", title="Probe time", unit="s", about="Time the last probe took.", from_zero=True
    ),
)

_BY_NAME = {metric.name: metric for metric in METRICS}


def describe(name: str) -> Metric:
    """The metric of that name; what the probe measures by criterion or by kind of prompt describes itself."""
    if name in _BY_NAME:
        return _BY_NAME[name]
    family, _, last = name.rpartition("/")
    words = last.replace("_", " ")
    about = {
        "probe/score": f"Mean {words} over the probe's held-out prompts. Higher is better, but for repetition.",
        "probe/kind": f"Mean gold score over the probe's prompts of the kind {words}. Few prompts, so it jumps.",
    }.get(family, name)
    return Metric(name=name, title=words.capitalize(), unit="", about=about)
