"""Metric names: one word per thing, whatever the trainer says."""

from rlft_gui.stages import describe, every_metric
from rlft_gui.training.run.metric_names import _NAMES, by_our_names


def test_trainer_names_become_ours_and_the_rest_is_left_out() -> None:
    logs = {"loss": 0.5, "learning_rate": 1e-3, "num_tokens": 80.0, "epoch": 0.1, "logps/chosen": -3.0}
    assert by_our_names(logs) == {"loss": 0.5, "lr": 1e-3, "tokens": 80.0}


def test_every_name_is_in_the_vocabulary() -> None:
    assert set(_NAMES.values()) <= {metric.name for metric in every_metric()}


def test_pairs_that_all_tie_are_half_won() -> None:
    tied = {"rewards/accuracies": 0.0, "rewards/margins": 0.0}
    assert by_our_names(tied)["pref/accuracy"] == 0.5
    assert by_our_names({f"eval_{name}": value for name, value in tied.items()})["eval/pref/accuracy"] == 0.5


def test_pairs_that_are_all_lost_are_lost() -> None:
    assert by_our_names({"rewards/accuracies": 0.0, "rewards/margins": -0.2})["pref/accuracy"] == 0.0


def test_what_the_probe_measures_by_kind_and_criterion_describes_itself() -> None:
    assert describe("probe/kind/harm_unseen").title == "Harm unseen"
    assert "kind harm unseen" in describe("probe/kind/harm_unseen").about
    assert describe("probe/score/tone").about.startswith("Mean tone")


def test_a_stage_names_what_others_use_the_same_word_for() -> None:
    assert by_our_names({"kl": 0.2}) == {}
    assert by_our_names({"kl": 0.2}, {"kl": "kl/token"}) == {"kl/token": 0.2}


def test_the_terms_of_a_reward_keep_their_names_and_describe_themselves() -> None:
    name = "reward/regex:a/b"
    assert by_our_names({name: 0.5, "rewards/reward/mean": 0.5}) == {name: 0.5}
    assert describe(name).title == "Regex:a/b"
    assert "term regex:a/b" in describe(name).about


def test_what_a_trainer_could_not_measure_is_left_out() -> None:
    assert by_our_names({"loss": 1.0, "entropy": None}) == {"loss": 1.0}
