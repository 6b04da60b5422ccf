"""One case per stage that trains: what the contract suite (test_contract.py) needs to know to try it out.

To add a stage's case: write a module here that makes a `CASE`, and name it in `CASES`. Give
- `data`, the type of rows that it learns from (`small_dataset` in attempts.py makes 24 of them);
- `reaching`, which replaces the start of training by `reached(...)` with everything that settings can change
  (`reaching_trl` does it for stages that go through `trainers.run`; a loop of our own brings its own hook);
- `changes` for fields whose effect needs companions or whose other value cannot be guessed: {field: (without, with)}.
  Without an entry the contract compares the default with another value inside the field's bounds or choices.
Stages that make rows are not here: test_making_contract.py covers them.
"""

from tests.stages.cases import dpo, grpo, kto, ppo, reward_model, rloo, sft
from tests.stages.cases._base import Case as Case

CASES: tuple[Case, ...] = (sft.CASE, dpo.CASE, kto.CASE, reward_model.CASE, ppo.CASE, grpo.CASE, rloo.CASE)


def case_of(stage: str) -> Case:
    return next(case for case in CASES if case.stage == stage)
