"""`pytest -p tests.fakes.toys …`: tests of a package that has a toy stage and a toy method more.

What somebody does who adds them is one name in each of two tuples; here it is done before anything else is imported.
The contract suite finds a case by its stage's name.
"""

import sys

import rlft_gui.stages as stages
from tests.fakes import toy_stage

stages.STAGES = (*stages.STAGES, toy_stage.STAGE)

import rlft_gui.methods as methods  # noqa: E402  # what imports it must see the stage
from tests.fakes import toy_case, toy_method  # noqa: E402

methods.METHODS = (*methods.METHODS, toy_method.METHOD)
methods.LOOKS = (*methods.LOOKS, toy_method.METHOD.look)
sys.modules["tests.stages.cases.toy"] = toy_case
