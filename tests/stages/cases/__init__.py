"""One case per stage that trains: what the contract suite (test_contract.py) needs to know to try it out.

To add a stage's case: write a module here, called as the stage, that makes a `CASE`. Give
- `data`, the type of rows that it learns from (`small_dataset` in attempts.py makes 24 of them);
- `reaching`, which replaces the start of training by `reached(...)` with everything that settings can change
  (`reaching_trl` does it for stages that go through `trainers.run`; a loop of our own brings its own hook);
- `changes` for fields whose effect needs companions or whose other value cannot be guessed: {field: (without, with)}.
  Without an entry the contract compares the default with another value inside the field's bounds or choices.
Stages that generate rows are not here: test_generating_contract.py covers them.
"""

from importlib import import_module

from rlft_gui.stages import STAGES
from tests.stages.cases._base import Case as Case


def case_of(stage: str) -> Case:
    """The case of that stage, from the module of its name."""
    case: Case = import_module(f"tests.stages.cases.{stage}").CASE
    return case


def every_case() -> tuple[Case, ...]:
    return tuple(case_of(stage.name) for stage in STAGES if stage.trains)
