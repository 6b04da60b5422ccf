"""The metrics: one name per thing, whatever trainer reported it.

Titles, units and the three-part tooltips (what it is, what good looks like, when it misleads) live here, so
that charts, tables, documentation and tests speak alike.
"""

from rlft_gui.domain._base import Frozen


class Metric(Frozen):
    """One metric. `from_zero` says that its axis starts at zero because zero means something."""

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
        about="What the optimiser makes smaller. Falls, then levels off; where answers are rewarded it need not, so look "
        "at the reward. Never compare the losses of two methods.",
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
        name="reward/zero_std",
        title="Prompts without a difference",
        unit="share",
        about="Share of prompts whose answers all got one reward, so they teach nothing. Low is good; it rises when all "
        "is solved, and when answers have become copies.",
        from_zero=True,
    ),
    Metric(
        name="kl/batch",
        title="KL estimate",
        unit="nats/answer",
        about="KTO's zero point, from answers paired with other prompts of the batch and never below 0. Small is normal; "
        "it is no distance between models.",
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
        name="objective",
        title="Objective",
        unit="",
        about="Mean reward trained on, less β times KL: what PPO makes larger. A fall is a failure; it depends on β.",
    ),
    Metric(
        name="kl/token",
        title="KL to reference",
        unit="nats/token",
        about="Distance from where the run started. A slow climb is normal; above 0.3 look for a shortcut.",
        from_zero=True,
    ),
    Metric(
        name="kl/seq",
        title="KL to reference",
        unit="nats/answer",
        about="Distance from where the run started, per answer. Grows with length; never compare with kl/token.",
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
        name="value_loss",
        title="Value loss",
        unit="",
        about="Error of the guesses what an answer will earn. Low also where rewards hardly vary.",
        from_zero=True,
    ),
    Metric(
        name="clip_fraction",
        title="Clipped",
        unit="share",
        about="Share of tokens that moved too far to learn more from. 0 with one update per step; above 0.3 too fast.",
        from_zero=True,
    ),
    Metric(
        name="approx_kl",
        title="Move per step",
        unit="nats/token",
        about="How far the step's last update had moved the policy from the one that wrote the answers.",
        from_zero=True,
    ),
    Metric(
        name="ratio",
        title="Ratio",
        unit="",
        about="Mean probability of the step's tokens over what it was. Near 1; outside 0.5 to 2 the updates are too large.",
    ),
    Metric(
        name="explained_variance",
        title="Foresight of values",
        unit="",
        about="Share of the returns' variance that the value head foresaw. Towards 1 is good; below 0 it harms.",
    ),
    Metric(
        name="updates",
        title="Updates",
        unit="per step",
        about="Updates made in the step. Fewer than planned where the target KL ended its epochs early.",
        from_zero=True,
    ),
    Metric(
        name="reward/best",
        title="Best reward",
        unit="",
        about="Mean reward of the best of n answers. Its lead over the mean is what imitation can gain; an exploited "
        "reward leads too.",
    ),
    Metric(
        name="made/rows",
        title="Rows made",
        unit="rows",
        about="Rows written so far.",
        from_zero=True,
    ),
    Metric(
        name="made/kept",
        title="Prompts kept",
        unit="share",
        about="Share of prompts that gave a row. The others are counted by reason in the dataset's account.",
        from_zero=True,
    ),
    Metric(
        name="revision/changed",
        title="Revised",
        unit="share",
        about="Share of drafts that their revision changed. Near 0 the critiques find nothing; near 1 look whether good "
        "answers are spoiled too.",
        from_zero=True,
    ),
    Metric(
        name="revision/length",
        title="Length of revisions",
        unit="× drafts",
        about="Words of the revisions over words of the drafts. Far from 1, length may be all that was revised.",
        from_zero=True,
    ),
    Metric(
        name="revision/gold/before",
        title="Drafts, gold score",
        unit="",
        about="Mean gold score of the drafts, on Lantern only. Nothing that is made depends on it.",
    ),
    Metric(
        name="revision/gold/after",
        title="Revisions, gold score",
        unit="",
        about="Mean gold score of the revisions, on Lantern only. Above the drafts', the critiques help.",
    ),
    Metric(
        name="judge/consistency",
        title="Judge's consistency",
        unit="share",
        about="Share of comparisons with the same winner when the two answers swap places. Below 0.8 the judge is unsure "
        "or goes by place; answers that are alike lower it too.",
        from_zero=True,
    ),
    Metric(
        name="judge/first",
        title="Judge's liking for the first",
        unit="probability",
        about="Mean probability that the answer shown first is better. 0.5 is fair; the rest is averaged out by asking "
        "both ways round.",
        from_zero=True,
    ),
    Metric(
        name="judge/preference",
        title="Preference",
        unit="probability",
        about="Mean probability, by the judge, that the chosen answer of a kept pair is better. Near 0.5 the labels are "
        "mostly noise.",
    ),
    Metric(
        name="judge/agreement",
        title="Judge agrees with gold",
        unit="share",
        about="On Lantern, the share of comparisons that the judge decides as gold does. For plots only; it is what the "
        "labels are worth at best.",
        from_zero=True,
    ),
    Metric(
        name="eval/ece",
        title="Calibration error",
        unit="share",
        about="How far the confidence in held-out pairs is from the share ranked right. Near 0 is good; growing with "
        "training, the model has become too sure.",
        from_zero=True,
    ),
    Metric(
        name="eval/length_correlation",
        title="Reward and length",
        unit="",
        about="Rank correlation of reward and length on held-out answers. Above 0.5 a policy can earn by writing more; "
        "some is honest where short answers are refusals.",
    ),
    Metric(
        name="eval/reward/mean",
        title="Held-out reward",
        unit="",
        about="Mean raw reward of held-out answers. Its level means nothing; policies get it shifted to 0.",
    ),
    Metric(
        name="eval/reward/std",
        title="Held-out reward spread",
        unit="",
        about="Standard deviation of raw rewards of held-out answers. Policies get it scaled to 1. At 0 nothing was "
        "learned.",
        from_zero=True,
    ),
    Metric(
        name="eval/policy_accuracy",
        title="Accuracy on the policy's pairs",
        unit="share",
        about="Share of pairs of the parent policy's own answers ranked as gold does. Below 0.6 a policy would learn the "
        "mistakes. It does not foretell how good the policy will be.",
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
        name="probe/seconds", title="Probe time", unit="s", about="Time the last probe took.", from_zero=True
    ),
)

_BY_NAME = {metric.name: metric for metric in METRICS}


def describe(name: str) -> Metric:
    """The metric of that name; what the probe measures by criterion or by kind of prompt describes itself."""
    if name in _BY_NAME:
        return _BY_NAME[name]
    if name.startswith("reward/"):
        term = name.removeprefix("reward/")
        about = (
            f"Mean score of the reward's term {term}, before its weight. Rises if the optimiser works on it."
        )
        return Metric(name=name, title=term.replace("_", " ").capitalize(), unit="", about=about)
    family, _, last = name.rpartition("/")
    words = last.replace("_", " ")
    about = {
        "probe/score": f"Mean {words} over the probe's held-out prompts. Higher is better, but for repetition.",
        "eval/source": f"Share of held-out pairs from {words} ranked right. Few pairs, so it jumps.",
        "eval/rating": f"Rank correlation of predicted and given {words} on held-out answers. 1 is perfect, 0 chance.",
        "probe/kind": f"Mean gold score over the probe's prompts of the kind {words}. Few prompts, so it jumps.",
    }.get(family, name)
    title = {"eval/source": f"Pairs from {words}", "eval/rating": f"Ranks by {words}"}.get(family)
    return Metric(name=name, title=title or words.capitalize(), unit="", about=about)
