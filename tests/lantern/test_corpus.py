from itertools import islice

from rlft_gui.lantern.corpus import documents, fingerprint


def test_a_seed_names_a_corpus() -> None:
    first, again, other = (list(islice(documents(seed, 100_000), 300)) for seed in (0, 0, 1))
    assert first == again != other
    assert fingerprint(first) == fingerprint(again) != fingerprint(other)


def test_conversations_alternate_and_end_with_the_assistant() -> None:
    for messages in documents(0, 2000):
        roles = [turn["role"] for turn in messages if turn["role"] != "system"]
        assert roles == ["user", "assistant"] * (len(roles) // 2)
        assert all(turn["content"].strip() == turn["content"] != "" for turn in messages)
