"""What programs may ask, by the names and with the answers of the command line. See docs/api.md.

Left out is what would use a key of this machine towards an address that the caller names: judges behind servers.
"""

import uuid
from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import Field

from rlft_gui.domain.answers import BatchAnswer
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.suite import SuitePrompt
from rlft_gui.domain.votes import LONGEST_NAME, RaterKind, VoteKind, prompt_of
from rlft_gui.services import Services
from rlft_gui.services.answers.batching import BatchSpec
from rlft_gui.services.feedback.as_json import (
    imported_told,
    judges_told,
    rating_tables,
    ratings_told,
    sets_told,
    simulated_told,
    view_told,
)
from rlft_gui.services.feedback.exporting import is_held_out
from rlft_gui.services.feedback.rating_facts import Counted
from rlft_gui.services.feedback.views import ViewChoices, ViewKind
from rlft_gui.services.scoring.files import FoundAnswers, answers_of
from rlft_gui.services.scoring.rules import unscored
from rlft_gui.services.scoring.scores import REWARD_IS, ToScore, as_json
from rlft_gui.ui.pages.api.files import brought

MOST_EXPORTED = 10_000  #: rows in one answer
MOST_ANSWERS = 5_000  #: of a batch, in one answer
MOST_SCORED = 2_000  #: answers in one request

#: Rows as they may be sent.
VERDICT = {"instruction": "Hi?", "output_1": "No.", "output_2": "Hi!", "preference": 2}
ANSWER = {"prompt": "Hi?", "completion": "Hello!"}

Answer = dict[str, Any]
Few = Annotated[str, Field(max_length=200)]
Weight = Annotated[float, Field(strict=True)]  #: true is none
Name = Annotated[str, Field(max_length=LONGEST_NAME)]


class Endpoints:
    """Each public method is an endpoint."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def all(self) -> tuple[Callable[..., Answer], ...]:
        """In the order in which the documentation tells them."""
        return (
            self.votes_list,
            self.votes_import,
            self.votes_export,
            self.votes_simulate,
            self.votes_judges,
            self.ratings,
            self.score,
            self.batch,
            self.answers,
        )

    def votes_list(self, *, user: str) -> Answer:
        """The sets of votes, newest first, with how many votes stand in each."""
        del user  # one owner so far; asked for, so that nobody unnamed is answered
        return sets_told(self._services.votes)

    def votes_import(
        self,
        file: dict[str, Any] | None = None,
        rows: Annotated[list[dict[str, Any]] | None, Field(examples=[[VERDICT]])] = None,
        name: Few = "",
        encoding: Few = "",
        *,
        user: str,
    ) -> Answer:
        """Make votes of verdicts of AlpacaEval, promptfoo or Label Studio, in a set of their own; the same content once."""
        with brought(file, rows, name) as (path, called):
            return imported_told(
                self._services.importing.import_file(path, called, user=user, encoding=encoding)
            )

    def votes_export(
        self,
        kind: ViewKind = ViewKind.PAIRS,
        votes: Few = "",
        raters: Annotated[list[RaterKind] | None, Field(examples=[["person"]])] = None,
        mixed: bool = False,
        balanced: bool = False,
        z_scored: bool = False,
        attributes: Annotated[list[Few] | None, Field(examples=[["helpfulness"]])] = None,
        without_suite: bool = False,
        held_out: Annotated[float, Field(ge=0, le=0.9)] = 0.0,
        start: Few = "",
        keep: bool = False,
        offset: Annotated[int, Field(ge=0, strict=True)] = 0,
        limit: Annotated[int, Field(ge=1, le=MOST_EXPORTED, strict=True)] = 1_000,
        *,
        user: str,
    ) -> Answer:
        """What the votes of a set give as data: an account, and its rows from `offset` on; `next` is the next offset."""
        services = self._services
        name = votes or services.votes.newest().name
        choices = ViewChoices(
            raters=tuple(raters or ()),
            mixed=mixed,
            balanced=balanced,
            z_scored=z_scored,
            attributes=tuple(attributes or ()),
            suite=not without_suite,
            start=start,
        )
        view = services.vote_views.view(name, kind, choices)
        view.check_some()
        stored = services.vote_views.keep(name, kind, choices, user=user) if keep else None
        shown = list(view.rows[offset : offset + limit])
        end = offset + len(shown)
        told = view_told(view) | {"data": shown, "next": end if end < len(view.rows) else None}
        told |= {"dataset": stored.id if stored else None}
        return told | ({"held_out": [is_held_out(row, held_out) for row in shown]} if held_out else {})

    def votes_simulate(
        self,
        n: Annotated[int, Field(ge=1, le=5_000, strict=True)] = 100,
        annotator: Few = "unbiased",
        votes: Few = "",
        runs: Annotated[list[Few] | None, Field(examples=[["RUN"]])] = None,
        pool: bool = False,
        kind: Literal["pair", "thumb", "rating"] = "pair",
        seed: Annotated[int, Field(strict=True)] | None = None,
        *,
        user: str,
    ) -> Answer:
        """Let a simulated rater of Lantern vote on stored answers of its runs, or else on sampled ones."""
        done = self._services.simulating.simulate(
            n,
            annotator=annotator,
            votes=votes,
            runs=tuple(runs or ()),
            pool=pool,
            kind=VoteKind(kind),
            seed=seed,
            user=user,
        )
        return simulated_told(done, kind)

    def votes_judges(self, votes: Few, *, user: str) -> Answer:
        """What judges said of a set: both orders, agreement with people by criterion, and who decides its pairs in a mix."""
        del user
        return judges_told(self._services.judging_votes.standing(votes))

    def ratings(
        self,
        votes: Few | None = None,
        baseline: Name | None = None,
        raters: Literal["person", "judge", "simulated", "all"] | None = None,
        *,
        user: str,
    ) -> Answer:
        """Win rates in percent against the baseline, and Bradley-Terry ratings, with 95 % intervals."""
        del user
        counted: Counted | None = "all" if raters == "all" else RaterKind(raters) if raters else None
        name = None if votes is None else self._services.votes.get(votes).name
        return ratings_told(name, rating_tables(self._services.rating, name, baseline, counted))

    def score(
        self,
        run: Few,
        text: str | None = None,
        prompt: str = "",
        file: dict[str, Any] | None = None,
        rows: Annotated[list[dict[str, Any]] | None, Field(examples=[[ANSWER]])] = None,
        terms: Annotated[list[Few] | None, Field(examples=[["length:5-40"]])] = None,
        *,
        user: str,
    ) -> Answer:
        """What a reward model that was trained here gives a text, or every answer of rows or of a data file."""
        scoring = self._services.scoring
        scoring.check(run)
        found = _to_score(text, prompt, file, rows)
        items = found.items
        scoring.known_answers(
            run, user=user
        )  # scored first where there are none yet, so that each score has its place
        scores = scoring.score(run, items, terms=tuple(terms or ()), user=user)
        without = unscored(terms or (), items, [one.terms for one in scores.answers])
        told = {"scores": as_json(items, scores), "checkpoint": scores.checkpoint, "reward_is": REWARD_IS}
        return told | {"notes": [*found.notes, *without], "left_out": found.left_out}

    def batch(
        self,
        models: Annotated[list[Few], Field(examples=[["base", "RUN"]])],
        suite: Few = "lantern",
        seeds: Annotated[int, Field(ge=1)] = 1,
        seed: Annotated[int, Field(ge=0)] = 0,
        temperature: float = 0.7,
        top_p: float = 1.0,
        max_new_tokens: int = 128,
        system: str = "",
        rewards: Annotated[dict[Few, Weight] | None, Field(examples=[{"length:5-40": 1}])] = None,
        *,
        user: str,
    ) -> Answer:
        """Have the prompts of a suite answered by several models in the background: the id of the run that does it."""
        drawn = {"temperature": temperature, "top_p": top_p, "max_new_tokens": max_new_tokens}
        spec = BatchSpec(
            models=tuple(models),
            suite=suite,
            seed=seed,
            settings={"seeds": seeds, "system": system, **drawn},
            measure={"rewards": rewards} if rewards else {},
        )
        (run,) = self._services.batching.launch(spec, launch_id=uuid.uuid4().hex, user=user).runs
        return {"run": run.id, "status": str(run.status)}

    def answers(
        self,
        run: Few,
        offset: Annotated[int, Field(ge=0)] = 0,
        limit: Annotated[int, Field(ge=1, le=MOST_ANSWERS)] = 1_000,
        *,
        user: str,
    ) -> Answer:
        """The answers of a batch so far, by model, prompt and seed, from `offset` on; `next` is the next offset."""
        del user
        status = self._services.runs.get(run).status
        prompts, answers = self._services.answers.of_batch(run)
        asked = {one.id: one for one in prompts}
        shown = answers[offset : offset + limit]
        end = offset + len(shown)
        return {
            "run": run,
            "status": str(status),
            "answers": [answered(asked[one.item_id], one) for one in shown],
            "next": end if end < len(answers) else None,
        }


def answered(prompt: SuitePrompt, answer: BatchAnswer) -> Answer:
    """A row of /answers."""
    told = {"prompt": list(prompt.messages), "kind": prompt.kind, "right": prompt.right}
    return answer.model_dump(mode="json") | told


def _to_score(
    text: str | None, prompt: str, file: dict[str, Any] | None, rows: list[dict[str, Any]] | None
) -> FoundAnswers:
    if text is not None:
        if file is not None or rows is not None:
            raise InvalidInput("Give one of text, rows and file.")
        if not text.strip():
            raise InvalidInput("There is no text to score: text is empty.")
        return FoundAnswers((ToScore(prompt_of(prompt).messages if prompt else (), text),), ())
    if prompt:
        raise InvalidInput("Rows and files bring their own prompts. Leave prompt out, or give text.")
    with brought(file, rows) as (path, called):
        found = answers_of(path, called)
    if len(found.items) > MOST_SCORED:
        raise InvalidInput(
            f"{len(found.items):,} answers are too many in one request: {MOST_SCORED:,} are the most. Send them in "
            "pieces, or use rlft score."
        )
    return found
