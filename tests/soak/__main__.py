"""`make soak`: every test that shows a promise, one after another; prints a table and writes docs/reliability.md.

python -m tests.soak            all of them
python -m tests.soak R6 R11     those of these promises alone, without the document
"""

import os
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import pytest

from tests.soak.figures import VARIABLE, read
from tests.soak.report import DOCUMENT, Tried, document, table
from tests.soak.requirements import REQUIREMENTS, Requirement


class Outcomes:
    """A plugin of pytest that keeps how each test ended; of one with parameters, how its worst case did."""

    def __init__(self) -> None:
        self._found: dict[str, set[str]] = defaultdict(set)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or report.outcome != "passed":
            self._found[report.nodeid.split("[")[0]].add(report.outcome)

    def worst(self) -> dict[str, str]:
        order = ("failed", "skipped", "passed")
        return {test: min(found, key=order.index) for test, found in self._found.items()}


def chosen(names: list[str]) -> list[Requirement]:
    """The promises of these names, or all.

    Raises:
        SystemExit: there is no promise of a name.
    """
    known = {requirement.name: requirement for requirement in REQUIREMENTS}
    if unknown := [name for name in names if name not in known]:
        sys.exit(f"There is no promise {unknown[0]}. There are: {', '.join(known)}.")
    return [known[name] for name in names] or list(REQUIREMENTS)


def run(requirements: list[Requirement]) -> Tried:
    tests = dict.fromkeys(test for requirement in requirements for test in requirement.tests)
    outcomes, began, load = Outcomes(), time.monotonic(), os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "figures.jsonl"
        os.environ[VARIABLE] = str(file)
        if tests:
            pytest.main(["--soak", "-v", *tests], plugins=[outcomes])
        return Tried(outcomes.worst(), time.monotonic() - began, read(file), load)


def main(names: list[str]) -> None:
    requirements = chosen(names)
    tried = run(requirements)
    print(table(tried))  # noqa: T201
    if not names:
        DOCUMENT.write_text(document(tried), encoding="utf-8")
    if any(tried.verdict(requirement) == "**missed**" for requirement in requirements):
        sys.exit("Not every promise was kept.")


if __name__ == "__main__":
    main(sys.argv[1:])
