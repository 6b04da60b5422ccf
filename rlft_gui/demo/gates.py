"""What of the services a visitor may call, and how: one gate for each method. Widgets may hide what is refused here; they need not."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from rlft_gui.demo.door import NOT_OFFERED, Call, Gate
from rlft_gui.demo.limits import HOUR, MEGABYTE
from rlft_gui.demo.sandboxes import Sandbox
from rlft_gui.domain.comparison import Comparison, ModelRef
from rlft_gui.domain.errors import InvalidInput, NotAllowed, NotPossibleNow, RlftError
from rlft_gui.domain.recipe import LANTERN, PipelineSpec
from rlft_gui.lantern.suite import suite

PROMPTS_ONLY = (
    "Prompt and system prompt cannot be typed in the demo, for models would answer strangers on somebody else's machine. Choose "
    "prompts from the list, or install rlft_gui to ask what you like."
)
MODELS_ONLY = "In the demo the models of the demo answer, and no others. Install rlft_gui to compare your own models or servers."
NO_PATTERNS = "The demo scores by rules without patterns (regular expressions). Choose another rule."
NO_NAMES = (
    "In the demo models and data are chosen from the list, and no folder, file or address can be named."
)
MOST_TERMS, LONGEST_TERM = 8, 500
MOST_SCORED, LONGEST_SCORED = 32, 4_000  #: answers at once, characters of one with its prompt

Spend = Callable[[Call, Sandbox], list[Callable[[], None]]]


def look(call: Call) -> Any:
    return call.look()


def refused(sentence: str = NOT_OFFERED) -> Gate:
    def gate(_call: Call) -> Any:
        raise NotAllowed(sentence)

    return gate


def quietly(answer: Any = None) -> Gate:
    """What a page asks by itself, and does without."""
    return lambda _call: answer


def acting(
    check: Callable[[Call], None] = lambda _call: None, spend: Spend = lambda _call, _sandbox: []
) -> Gate:
    """Done in a home of the visitor's own, which is made if need be; what was spent on it is given back if it is refused."""

    def gate(call: Call) -> Any:
        check(call)
        with call.demo.sandboxes.using(call.visitor, makes=True) as sandbox:
            assert sandbox is not None  # it was made
            _check_size(call, sandbox)
            back = spend(call, sandbox)
            try:
                return call.on(sandbox.services)
            except RlftError:
                for give_back in back:
                    give_back()
                raise

    return gate


def _check_size(call: Call, sandbox: Sandbox) -> None:
    most = call.demo.limits.database_bytes
    if sandbox.database_bytes > most:
        raise NotPossibleNow(
            f"What you have made here fills the {most // MEGABYTE} MB that a visitor has. Look at it, or install rlft_gui to go on."
        )


def _check_comparison(call: Call) -> None:
    asked, limits = call.asked, call.demo.limits
    _check_models(asked["models"], limits.panes)
    _check_shipped_prompts(asked["prompts"], limits.prompts)
    if asked["system"].strip() or asked["base"] not in (None, LANTERN):
        raise NotAllowed(PROMPTS_ONLY if asked["system"].strip() else MODELS_ONLY)
    if asked["draws"] > 2:
        raise InvalidInput("In the demo a pane gives two answers to a prompt at most. Lower Answers each.")
    if asked["sampling"].max_new_tokens > limits.new_tokens:
        raise InvalidInput(
            f"In the demo an answer has {limits.new_tokens} tokens at most, found {asked['sampling'].max_new_tokens}. Lower it."
        )
    _check_machine(call)


def _check_models(models: Iterable[str], most: int) -> None:
    named = list(models)
    if len(named) > most:
        raise InvalidInput(
            f"In the demo {most} models are compared at most, found {len(named)}. Take some away."
        )
    for name in named:
        ref = ModelRef.parse(name)
        if ref.endpoint is not None or ref.named not in (None, LANTERN):
            raise NotAllowed(MODELS_ONLY)


def _check_shipped_prompts(prompts: Iterable[str], most: int) -> None:
    asked, known = list(prompts), {item.prompt for item in suite()}
    if len(asked) > most:
        raise InvalidInput(f"In the demo {most} prompts are asked at once at most, found {len(asked)}.")
    if any(prompt not in known for prompt in asked):
        raise NotAllowed(PROMPTS_ONLY)


def _check_machine(call: Call) -> None:
    if call.demo.sandboxes.answering() >= call.demo.limits.answering:
        raise NotPossibleNow(
            f"{call.demo.limits.answering} comparisons of other visitors are waiting for this machine. Try again in a minute."
        )


def _spend_comparison(call: Call, sandbox: Sandbox) -> list[Callable[[], None]]:
    asked = call.asked
    answers = len(asked["models"]) * len(asked["prompts"]) * asked["draws"]
    return _spend_answers(call, sandbox, answers * asked["sampling"].max_new_tokens)


def _spend_follow(call: Call, sandbox: Sandbox) -> list[Callable[[], None]]:
    before: Comparison = sandbox.services.comparing.get(call.asked["comparison_id"])
    return _spend_answers(call, sandbox, len(before.panes) * before.draws * before.sampling.max_new_tokens)


def _spend_again(call: Call, sandbox: Sandbox) -> list[Callable[[], None]]:
    before: Comparison = sandbox.services.comparing.get(call.asked["comparison_id"])
    panes = len(before.panes) if call.asked.get("pane") is None else 1
    prompts = len(before.prompts) if call.asked.get("prompt_index") is None else 1
    return _spend_answers(call, sandbox, panes * prompts * before.draws * before.sampling.max_new_tokens)


def _spend_answers(call: Call, sandbox: Sandbox, tokens: int) -> list[Callable[[], None]]:
    if sandbox.services.storage.comparisons.unfinished():
        raise NotPossibleNow(
            "Your comparison before this one is still being answered. Wait until it has ended."
        )
    limits, now = call.demo.limits, call.demo.sandboxes.now()
    first = sandbox.used.spend("comparisons", 1, limits.comparisons, now)
    try:
        return [first, sandbox.used.spend("tokens of answers", tokens, limits.tokens, now)]
    except NotPossibleNow:
        first()
        raise


def _check_follow(call: Call) -> None:
    _check_shipped_prompts([call.asked["prompt"]], 1)
    _check_machine(call)


def _check_terms(call: Call) -> None:
    terms = [str(term) for term in call.asked["terms"]]
    if len(terms) > MOST_TERMS or any(len(term) > LONGEST_TERM for term in terms):
        raise InvalidInput(
            f"The demo scores by {MOST_TERMS} rules at once at most, each of {LONGEST_TERM} characters at most."
        )
    if any(term.strip().startswith("regex") for term in terms):
        raise NotAllowed(NO_PATTERNS)


def _check_scoring(call: Call) -> None:
    if call.asked["judge"] is not None:
        raise NotAllowed(NOT_OFFERED)
    _check_terms(call)
    sizes = [len(str(item)) for item in call.asked["items"]]
    if len(sizes) > MOST_SCORED or any(size > LONGEST_SCORED for size in sizes):
        raise InvalidInput(
            f"The demo scores {MOST_SCORED} answers at once at most, of {LONGEST_SCORED:,} characters each at most. Score fewer."
        )


def _check_set(call: Call) -> None:
    for source in call.asked["new"].sources:
        if source.partition(":")[0] not in ("comparison", "run"):
            raise NotAllowed(NO_NAMES)


def by_last_step(call: Call) -> Any:
    """What is asked of another step would be kept in the run's folder, which is the seed's."""
    if "@" in call.asked["run"]:
        raise NotAllowed(NOT_OFFERED)
    return call.look()


def on_lantern(call: Call) -> Any:
    """Any other base would be looked for on this machine's disk."""
    if call.asked["base"] != LANTERN:
        raise NotAllowed(MODELS_ONLY)
    return call.look()


def problem_unless_lantern(call: Call) -> Any:
    return call.look() if call.asked["base"] == LANTERN else MODELS_ONLY


def planned(call: Call) -> Any:
    """Pipelines that name nothing on this machine's disk, and no server."""
    check_spec(call.asked["spec"])
    return call.look()


def estimated(call: Call) -> Any:
    """Without measuring, which takes the machine for itself."""
    check_spec(call.asked["spec"])
    return replace(call, kwargs={**call.kwargs, "measures": False}).look()


def check_spec(spec: PipelineSpec) -> None:
    """Raises NotAllowed: it names a file, a folder or a server."""
    if spec.base != LANTERN or any(
        _names_place(text) for text in _texts(spec.model_dump(exclude={"title", "about"}))
    ):
        raise NotAllowed(NO_NAMES)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, str):
        yield value


def _names_place(text: str) -> bool:
    return any(sign in text for sign in ("/", "\\", "~")) or text.startswith(("endpoint", "regex"))


def spending(what: str, limit: str, seconds: float = HOUR) -> Spend:
    """One more of what a limit counts."""

    def spend(call: Call, sandbox: Sandbox) -> list[Callable[[], None]]:
        most = getattr(call.demo.limits, limit)
        return [sandbox.used.spend(what, 1, most, call.demo.sandboxes.now(), seconds)]

    return spend


LIFE = 365 * 24 * HOUR  #: longer than any sandbox lives

_LOOKED_AT = {
    "answers": "batches columns columns_of counts joined of_batch probed stored",
    "batching": "spec_of wanted",
    "comparing": "choices film_models get list poll prepare steps",
    "curating": "checks conversions page used_by",
    "datasets": "check_needs check_use get list meant named preview",
    "devices": "look",
    "judges_at_work": "of",
    "judging_votes": "judgeable standing",
    "rating": "rate standing",
    "reviewing": "how_to_approve rows to_look_at version waiting why_fixed",
    "runs": "alarms changes checkpoints clone curves get head is_votes_on_lantern last_values lineage list log_file log_tail "
    "metrics on_stop overview pill pipeline pipelines probing_share samples since tend time_left titles",
    "scoring": "check choices coming",
    "small_model": "state",
    "suites": "find get list",
    "vote_views": "behind newer view",
    "votes": "account cast count get list newest",
    "voting": "answer_by ballot last person progress repeated shown waiting waiting_sets",
}

GATES: dict[tuple[str, str], Gate] = {
    **{(part, method): look for part, methods in _LOOKED_AT.items() for method in methods.split()},
    ("adding", "list"): quietly(()),
    ("auditing", "audit"): on_lantern,
    ("comparing", "again"): acting(_check_machine, _spend_again),
    ("comparing", "delete"): acting(),
    ("comparing", "follow"): acting(_check_follow, _spend_follow),
    ("comparing", "keep"): acting(),
    ("comparing", "restore"): acting(),
    ("comparing", "score_by_judge"): refused(),
    ("comparing", "score_by_rules"): acting(_check_terms, spending("scorings", "scorings")),
    ("comparing", "score_with"): acting(spend=spending("scorings", "scorings")),
    ("comparing", "start"): acting(_check_comparison, _spend_comparison),
    ("comparing", "stop"): acting(),
    ("curating", "delete"): acting(),
    ("datasets", "length_report"): on_lantern,
    ("datasets", "lengths"): on_lantern,
    ("estimating", "estimate"): estimated,
    ("judging_votes", "share"): acting(),
    ("launching", "check"): planned,
    ("launching", "ensure_keeper"): quietly(),
    ("launching", "few_pairs"): planned,
    ("launching", "kept_out"): planned,
    ("launching", "outline"): planned,
    ("launching", "plan"): planned,
    ("launching", "prepare"): quietly(),
    ("launching", "room"): planned,
    ("models", "check"): problem_unless_lantern,
    ("models", "describe"): on_lantern,
    ("models", "is_to_convert"): on_lantern,
    ("models", "name_in_recipe"): on_lantern,
    ("scoring", "known_answers"): by_last_step,
    ("scoring", "score"): acting(_check_scoring, spending("scorings", "scorings")),
    ("vote_views", "keep"): acting(spend=spending("datasets", "datasets", LIFE)),
    ("voting", "cast"): acting(spend=spending("votes", "votes", LIFE)),
    ("voting", "create"): acting(_check_set, spending("sets of votes", "sets", LIFE)),
    ("voting", "next"): acting(),
    ("voting", "skip"): acting(),
    ("voting", "undo"): acting(),
}

#: What nobody is offered here: it brings strangers' files, names or servers, is for programs alone, or takes the machine.
NOT_FOR_VISITORS = frozenset(
    (part, method)
    for part, methods in {
        "adding": "add remove",
        "batching": "launch",
        "comparing": "run_sync score settle",
        "curating": "convert describe mark split",
        "datasets": "inspect keep rows_path store",
        "fitting": "keep offer store tried",
        "importing": "import_file",
        "judges_at_work": "start stop",
        "judging_votes": "judge task",
        "launching": "launch",
        "models": "make_ready",
        "reviewing": "approve edit_row",
        "runs": "delete resume stop",
        "scoring": "judged of_file",
        "simulating": "simulate",
        "small_model": "start",
        "suites": "write",
        "training_on_votes": "prepare",
        "vote_views": "store",
        "votes": "create record undo",
    }.items()
    for method in methods.split()
)
