"""What the checks find in rows that can be read, by hand-made rows that have it and rows that only look like it."""

from typing import Any

import pytest

from rlft_gui.data.checks import check
from rlft_gui.domain.dataset import Checked, Finding
from rlft_gui.domain.intervals import wilson

Row = dict[str, Any]
MANY = 40


def demonstration(prompt: str, answer: str, **more: Any) -> Row:
    asked = [{"role": "user", "content": prompt}]
    return {"prompt": asked, "completion": [{"role": "assistant", "content": answer}], **more}


def pair(prompt: str, chosen: str, rejected: str) -> Row:
    said = {
        name: [{"role": "assistant", "content": text}]
        for name, text in (("chosen", chosen), ("rejected", rejected))
    }
    return {"prompt": [{"role": "user", "content": prompt}], **said}


WORDS = (
    "amber",
    "birch",
    "cloud",
    "delta",
    "ember",
    "fjord",
    "grove",
    "heron",
    "inlet",
    "jetty",
    "knoll",
    "larch",
)


def words(number: int) -> str:
    """A question like no other of the hundred and more."""
    return f"{WORDS[number % 12]} {number} {WORDS[number // 12 % 12]} of {number * 7}?"


def plain(count: int = MANY) -> list[Row]:
    return [demonstration(words(number), f"It is {number}.") for number in range(count)]


def looked_at(*rows: Row) -> Checked:
    return check(enumerate(rows, start=1), len(rows))


def found(checked: Checked, words: str) -> Finding:
    (finding,) = [finding for finding in checked.findings if words in finding.what]
    return finding


def test_good_rows_are_found_nothing_wrong_with() -> None:
    assert looked_at(*plain()).findings == ()


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        ("Ask sk-proj-abcdEFGH1234abcdEFGH1234.", "an OpenAI key"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIE", "a private key"),
        ("hf_abcdefghijklmnopqrstuvwxyzABCDEFGH", "a Hugging Face token"),
        ("token ghp_abcdefghijklmnopqrstuvwxyz0123456789", "a GitHub token"),
        ("AKIAIOSFODNN7EXAMPLE", "an AWS key"),
        ("Use postgres://admin:hunter22@db.internal/x", "a password in an address"),
        ("Write to jane.doe@company.de soon.", "an email address"),
        ("Call +49 30 1234 5678 now.", "a telephone number"),
        ("DE89 3704 0044 0532 0130 00", "an IBAN"),
        ("It is 078-05-1120.", "a social security number"),
        ("Card 4111 1111 1111 1111.", "a card number"),
    ],
)
def test_secrets_and_personal_data_are_named_and_never_shown(answer: str, what: str) -> None:
    findings = looked_at(*plain(), demonstration("How?", answer)).findings
    assert all("seems to hold" in finding.what for finding in findings)
    assert (MANY + 1, what) in [(one.row, one.text) for finding in findings for one in finding.shown]
    assert answer not in str(findings)


@pytest.mark.parametrize(
    "answer",
    [
        "Write to someone@example.com.",
        "4111 1111 1111 1112 is no card.",
        "0000 0000 0000 0000",
        "sk-short is none.",
        "See https://example.org/a:b@c or ratio 12-34-5678 of 2024-01-02.",
        "a@b",
        "The sum is 1234567890123.",
        "+1 point",
    ],
)
def test_what_only_looks_like_a_secret_is_none(answer: str) -> None:
    assert looked_at(*plain(), demonstration("How?", answer)).findings == ()


def test_all_kinds_of_personal_data_in_a_row_are_named() -> None:
    row = demonstration("Wer?", "Fragen an jürgen@müller.de oder 0171/2345678.")
    (found,) = looked_at(*plain(), row).findings
    assert found.shown[0].text == "an email address, a telephone number"


def test_a_copy_of_balanced_lengths_is_offered_only_where_there_are_both_kinds() -> None:
    longer = [pair(words(n), "A long answer it is.", "No.") for n in range(60)]
    one_sided = found(looked_at(*longer), "the chosen answer is the longer one")
    assert (one_sided.way, "Add pairs" in one_sided.fix) == ("", True)
    both = found(
        looked_at(*longer, pair("Why?", "No.", "A long answer.")), "the chosen answer is the longer one"
    )
    assert both.way == "balanced"


@pytest.mark.parametrize(
    ("row", "what"),
    [
        (demonstration("Wie?", "Das CafÃ© heiÃŸt â€žNaÃ¯vâ€œ."), "text is damaged"),
        (demonstration("Wie?", "Das Caf\ufffd ist zu."), "text is damaged"),
        (demonstration("What is the colour of a ripe lemon in August?", "What is the colour of a ripe lemon in August? Yellow."), "repeats the whole prompt"),
        (demonstration("How?", "N/A"), "is a placeholder"),
        (demonstration("How?", "<your answer here>"), "is a placeholder"),
        (demonstration("How?", "As an AI language model, I have no body."), "speaks of itself as an AI, or refuses"),
        (demonstration("How?", "I'm sorry, but I can't help with that."), "speaks of itself as an AI, or refuses"),
        (demonstration("How?", "and then we went on " * 60), "over and over"),
        (pair("How?", "and then we went on " * 60, "No."), "over and over"),
        (demonstration("How?", "So.</s>"), "a mark of a chat template"),
        (demonstration("<s>[INST] How? [/INST]", "So."), "a mark of a chat template"),
        (demonstration("How?<|im_end|>", "So."), "a mark of a chat template"),
        (demonstration("### Instruction:\nHow?", "So."), "a mark of a chat template"),
        (demonstration("How?", " ".join(str(n) for n in range(900)) + "<|endoftext|>"), "a mark of a chat template"),
        (pair("How?", "So.", "No.<end_of_turn>"), "a mark of a chat template"),
    ],
    ids=lambda value: str(value)[-40:],
)  # fmt: skip
def test_a_row_that_teaches_something_bad_is_named(row: Row, what: str) -> None:
    (finding,) = looked_at(*plain(), row).findings
    assert what in finding.what
    assert (finding.rows, finding.shown[0].row) == (1, MANY + 1)
    assert finding.fix.endswith(".")


@pytest.mark.parametrize(
    "row",
    [
        demonstration("Wie?", "Das Café heißt „Naïv“ – 3 € für Öl."),
        demonstration("なに?", "図書館です。"),
        demonstration("How?", "None of them."),
        demonstration("How?", "As an AI model, I have no body.", label=False),
        pair("How?", "Gladly.", "As an AI language model, I must not."),
        demonstration("Short?", "Short? Yes."),
        demonstration("How?", "Strike <s>this</s> out, in [brackets], under # Instruction."),
    ],
    ids=lambda row: str(row)[-50:],
)
def test_what_is_not_imitated_or_only_unusual_is_no_fault(row: Row) -> None:
    assert looked_at(*plain(), row).findings == ()


def test_prompts_that_are_almost_the_same_are_told_with_the_earlier_row() -> None:
    long = "Explain to a child of ten years why the sky looks blue at noon and red in the evening, please, in a few words"
    rows = [
        demonstration(long, "Light."),
        demonstration(long + "!", "Air."),
        demonstration(long + " now", "Dust."),
    ]
    finding = found(looked_at(*plain(), *rows), "almost the same")
    assert [one.row for one in finding.shown] == [MANY + 2, MANY + 3]
    assert finding.shown[0].text.startswith(f"as row {MANY + 1}: Explain to a child")


def test_prompts_that_are_the_same_lie_on_one_side_of_a_split_and_are_no_finding() -> None:
    rows = [
        demonstration("Name a colour that you can see in a garden in June", f"{colour}.") for colour in WORDS
    ]
    assert not [one for one in looked_at(*plain(), *rows).findings if "almost" in one.what]


def test_one_answer_to_many_prompts_is_told() -> None:
    same = "Thank you for your question, we will come back to you."
    rows = [demonstration(f"{word} or not?", same) for word in WORDS[:6]]
    finding = found(looked_at(*plain(), *rows), "the same answer goes to 5 prompts or more")
    assert (finding.rows, finding.shown[0].text[:8]) == (6, "6 times:")


def test_one_sided_verdicts_and_points_are_told() -> None:
    marked = [row | {"label": number != 0} for number, row in enumerate(plain())]
    assert found(looked_at(*marked), "98% of the answers are marked good").rows == MANY - 1
    rated = [row | {"scores": {"kind": 3.0, "true": float(number % 3)}} for number, row in enumerate(plain())]
    assert [one.what for one in looked_at(*rated).findings] == ['every row has the same points for "kind"']


def test_length_bias_is_told_only_where_its_interval_leaves_one_half() -> None:
    def pairs(longer: int, shorter: int) -> list[Row]:
        sides = [("long answer", "no")] * longer + [("no", "long answer")] * shorter
        return [pair(words(number), *side) for number, side in enumerate(sides)]

    assert looked_at(*pairs(22, 18)).findings == ()
    finding = found(looked_at(*pairs(32, 8)), "the chosen answer is the longer one in 80% of the pairs")
    assert finding.what.endswith("[65%, 90%]")
    assert "the shorter one in 80%" in looked_at(*pairs(8, 32)).findings[0].what


def test_the_interval_is_wilsons() -> None:
    """As by statsmodels.stats.proportion.proportion_confint(8, 10, method="wilson")."""
    assert wilson(8, 10) == pytest.approx((0.4901625, 0.9433178), abs=1e-4)
    assert wilson(0, 10)[0] == 0


def test_few_rows_are_told() -> None:
    assert looked_at(*plain(3)).findings[0].what == "there are only 3 rows"


def test_what_is_drawn_counts_every_row() -> None:
    rows = [pair("How?", "a" * 500, "b"), pair("Why?", "a", "b" * 60), *plain(2)]
    drawn = {bars.title: dict(bars.bars) for bars in looked_at(*rows).bars}
    assert drawn["Turns"] == {"2": 4}
    assert sum(drawn["Length of what is learnt"].values()) == 4
    assert drawn["Chosen longer than rejected by"] == {
        "≤ −30": 1,
        "≤ 0": 0,
        "≤ 30": 0,
        "≤ 100": 0,
        "≤ 300": 0,
        "≤ 1,000": 1,
    }
    assert {bars.title for bars in looked_at({"text": "Once."}).bars} == {"Length of what is learnt"}
    evening = "was lit as on every evening of that long autumn by the one who kept the lamps of the town, whose name was"
    near = looked_at(
        *({"text": f"The lamp on the bridge of Arles {evening} {name}."} for name in ("Ann", "Bo"))
    )
    assert "the text is almost the same as that of another row" in {finding.what for finding in near.findings}


def test_of_very_many_rows_evenly_spaced_ones_are_looked_at() -> None:
    rows = plain(3) * 15_000
    checked = check(enumerate(rows, start=1), len(rows))
    assert checked.looked_at == 15_000
