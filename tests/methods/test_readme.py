"""README tells of every method what it declares."""

from tests.readme import FILE, with_table


def test_the_table_of_methods_is_what_methods_declare() -> None:
    text = FILE.read_text(encoding="utf-8")
    assert with_table(text) == text, "stale: run `python -m tests.readme`"
