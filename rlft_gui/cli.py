"""The command line: the same services as the screens, without Gradio and without torch in this process.

Results go to standard output, progress and errors to standard error. Exit codes: 0 all is well, 1 a run did not
succeed, 2 what was asked for cannot be done.
"""

import json
import signal
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from tqdm import tqdm

from rlft_gui.commands import numbers
from rlft_gui.commands.batch import batch_command, told_table
from rlft_gui.commands.data import EncodingOption, MapOption, data_app, reading_of
from rlft_gui.commands.demo import SERVED, demo_app, serve_demo
from rlft_gui.commands.devices import devices
from rlft_gui.commands.estimate import estimate
from rlft_gui.commands.model import model_app
from rlft_gui.commands.ratings import ratings
from rlft_gui.commands.score import score
from rlft_gui.commands.shared import DEFAULT_HOME, USER, HomeOption, JsonOption, open_home, told
from rlft_gui.commands.votes import votes_app
from rlft_gui.domain.comparison import Comparison, Generation, GenerationStatus, Sampling
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.run import Pipeline, Run
from rlft_gui.domain.status import RunStatus
from rlft_gui.garbage import not_collecting

if TYPE_CHECKING:
    from rlft_gui.data.generated import GeneratedRow
    from rlft_gui.services import Services

WAIT_SECONDS = 0.3

app = typer.Typer(
    help="Alignment experiments: train, watch, compare.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
lantern_app = typer.Typer(help="The built-in model Lantern.", no_args_is_help=True)
app.add_typer(lantern_app, name="lantern")
app.add_typer(data_app, name="data")
app.add_typer(model_app, name="model")
app.add_typer(votes_app, name="votes")
app.add_typer(demo_app, name="demo")
app.command()(devices)
app.command()(estimate)
app.command()(ratings)
app.command()(score)


def main() -> None:
    """Entry point of the `rlft` command."""
    # As on Ctrl-C: what was begun is cleared away, and processes that work for this one end with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    app()


@app.callback()
@told
def _before_the_command(home: Annotated[Path | None, typer.Option("--home", hidden=True)] = None) -> None:
    if home is not None:
        raise InvalidInput(f"Options come after the command. Write: rlft COMMAND --home {home}")


@app.command()
@told
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; 0 takes a free one.", min=0, max=65535)] = 7860,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the app in a browser.")] = False,
    demo: Annotated[
        bool, typer.Option("--demo", help="Serve a demo to visitors; no home is opened.")
    ] = False,
    file: Annotated[Path | None, typer.Argument(help="Demo: a file of `rlft demo build`.")] = None,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Start the app and print its address."""
    if demo:
        serve_demo(file, SERVED if home == DEFAULT_HOME else home, host, port, open_browser)
        return
    if file is not None:
        raise InvalidInput(f"A file goes with a demo. Write: rlft serve --demo {file}")
    with not_collecting():
        from rlft_gui.server import serve as serve_app  # Gradio takes two seconds to import

    serve_app(open_home(home), host=host, port=port, open_browser=open_browser)


@app.command()
@told
def train(
    pipeline: Annotated[str, typer.Argument(help="A preset's name or a YAML file.")],
    sets: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="KEY=VALUE",
            help="Change a value: seed=1, dpo.beta=0.2, or the method's own choice: options.route=ppo.",
        ),
    ] = None,
    held_out: Annotated[
        str,
        typer.Option(
            "--held-out",
            metavar="DATASET",
            help="Judge by the prompts of this dataset or file, on which nothing is trained. "
            "Left out, a share of each stage's prompts is held out.",
        ),
    ] = "",
    maps: MapOption = None,
    encoding: EncodingOption = "",
    detach: Annotated[bool, typer.Option("--detach", help="Return at once; training goes on.")] = False,
    as_json: JsonOption = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Launch a pipeline and wait for it. Exits with 0 only if every stage succeeded."""
    from rlft_gui.services.pipelines.specs import apply_sets, load_spec, store_files

    services = open_home(home)
    asked = [*(sets or []), *([f"measure.held_out={json.dumps(held_out)}"] if held_out else [])]
    spec = store_files(
        apply_sets(load_spec(pipeline), asked),
        services.datasets,
        user=USER,
        reading=reading_of(maps, encoding),
    )
    room = services.launching.room(spec)
    if room and (tight := room.warning()):
        typer.echo(tight, err=True)
    launched = services.launching.launch(spec, launch_id=uuid.uuid4().hex, user=USER)
    for sentence in (*services.launching.few_pairs(spec), *services.launching.kept_out(spec)):
        typer.echo(sentence, err=True)
    _follow_to_its_end(services, launched, detach, as_json)


def _follow_to_its_end(services: "Services", launched: Pipeline, detach: bool, as_json: bool) -> None:
    """Wait, unless it is detached, and print what became of it."""
    if not detach:
        _wait(services, launched)
    ended = services.runs.pipeline(launched.id)
    if as_json:
        typer.echo(json.dumps(_pipeline_json(services, ended)))
    else:
        _print_runs(ended.runs)
        _print_accounts(services, ended.runs)
        for run in ended.runs:
            if run.stage == "batch" and not detach:
                typer.echo(told_table(services, run.id))
        _print_alarms(services, ended.runs)
    if not detach and any(run.status is not RunStatus.SUCCEEDED for run in ended.runs):
        raise typer.Exit(1)


app.command("batch")(batch_command(_follow_to_its_end))


@app.command()
@told
def runs(as_json: JsonOption = False, home: HomeOption = DEFAULT_HOME) -> None:
    """List runs, newest first."""
    services = open_home(home)
    services.runs.tend()  # what is told is only as new as what a keeper has taken in
    found = services.runs.list()
    if as_json:
        typer.echo(json.dumps([_run_json(services, run) for run in found]))
    else:
        for run in found:
            _print_runs((run,))
            for alarm in services.runs.alarms(run.id)[-1:]:
                typer.echo(f"{'':24} {'needs a look':17} step {alarm.step}: {alarm.message}")


@app.command()
@told
def metrics(run: str, as_json: JsonOption = False, home: HomeOption = DEFAULT_HOME) -> None:
    """Print a run's metrics; in JSON {name: [[step, value], …]}, where a value that is not finite is null."""
    from rlft_gui.services.runs.measured_by import measured_by

    services = open_home(home)
    services.runs.tend()
    found = services.runs.metrics(run)
    if as_json:
        typer.echo(json.dumps({name: [[p.step, p.value] for p in points] for name, points in found.items()}))
        return
    own_first = measured_by(services.runs.get(run), services.runs) == "own"
    for name, points in sorted(found.items(), key=lambda one: _order(one[0], own_first)):
        last = points[-1]
        typer.echo(
            f"{name:28} {_number(last.value, last.nonfinite)}  at step {last.step}, {len(points)} points"
        )


@app.command()
@told
def stop(run: str, home: HomeOption = DEFAULT_HOME) -> None:
    """Ask a run to stop; it saves its last whole step first."""
    answer = open_home(home).runs.stop(run, user=USER)
    typer.echo(f"{run} is stopping. {answer} `rlft resume {run}` goes on with it.", err=True)


@app.command()
@told
def resume(run: str, home: HomeOption = DEFAULT_HOME) -> None:
    """Go on with a stopped or failed run from its last complete checkpoint."""
    services = open_home(home)
    services.runs.resume(run, user=USER)
    services.launching.ensure_keeper()
    typer.echo(f"{run} is queued again.", err=True)


@app.command("let-pass", hidden=True)  # its name in 0.2.0
@app.command("approve")
@told
def approve(run: str, home: HomeOption = DEFAULT_HOME) -> None:
    """Let the next stage begin that waits for a review of the rows that a run made."""
    begun = open_home(home).reviewing.approve(run, user=USER)
    typer.echo(f"The rows of {run} pass. Next: {', '.join(one.id for one in begun)}.", err=True)


@app.command("run-data")
@told
def run_data(run: str, as_json: JsonOption = False, home: HomeOption = DEFAULT_HOME) -> None:
    """Print the rows that a run made, as they stand after edits and without the dropped ones."""
    from rlft_gui.stages import stage

    services = open_home(home)
    page = services.reviewing.rows(run, limit=sys.maxsize)
    kept = [row for row in page.rows if not row.is_dropped]
    if as_json:
        output_type = stage(services.runs.get(run).stage).produces
        typer.echo(json.dumps({"run": run, "type": output_type, "rows": [each.row for each in kept]}))
    else:
        _print_rows(kept)


@app.command()
@told
def compare(
    models: Annotated[
        str,
        typer.Option(help="base, base:NAME, RUN, RUN@step or endpoint:MODEL@ADDRESS, separated by commas."),
    ],
    prompt: Annotated[list[str], typer.Option(help="A prompt; may be given several times.")],
    seed: Annotated[
        int, typer.Option(help="The same seed gives the same answers.", min=0, max=2**31 - 1)
    ] = 0,
    temperature: Annotated[
        float,
        typer.Option(
            help="From 0 to 2; 0 always takes the likeliest token.",
            parser=numbers.temperature,
            metavar="NUMBER",
        ),
    ] = 0.7,
    max_new_tokens: Annotated[int, typer.Option(help="Longest answer, in tokens.", min=1, max=1024)] = 128,
    base: Annotated[
        str | None,
        typer.Option(help='What "base" is: a name, folder or GGUF file. Left out, that of the runs.'),
    ] = None,
    top_p: Annotated[
        float,
        typer.Option(
            help="Only the likeliest tokens of this share, above 0 and at most 1.",
            parser=numbers.top_p,
            metavar="NUMBER",
        ),
    ] = 1.0,
    seeds: Annotated[
        int, typer.Option(help="Answers of each model, a seed each from --seed on.", min=1, max=5)
    ] = 1,
    system: Annotated[str, typer.Option(help="What every model is told before the prompt.")] = "",
    as_json: JsonOption = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Answer the same prompts with several models."""
    from rlft_gui.services.comparisons.service import to_json

    sampling = Sampling(temperature=temperature, seed=seed, max_new_tokens=max_new_tokens, top_p=top_p)
    names = [name.strip() for name in models.split(",") if name.strip()]
    done = open_home(home).comparing.run_sync(
        names, prompt, sampling, user=USER, base=base, system=system, draws=seeds
    )
    if as_json:
        typer.echo(json.dumps(to_json(done)))
    else:
        _print_comparison(done)
    if done.status is not GenerationStatus.DONE:
        raise typer.Exit(1)


@lantern_app.command("build")
@told
def lantern_build(
    seed: Annotated[int, typer.Option(help="Fixes corpus, initialisation and data order.", min=0)] = 0,
    out: Annotated[
        Path | None, typer.Option(help="Folder to write; default: the product's own assets.")
    ] = None,
) -> None:
    """Pre-train Lantern from nothing, about ten minutes on two cores."""
    from rlft_gui.lantern import pretrain
    from rlft_gui.resources import assets_dir

    pretrain.build(out or assets_dir() / "lantern", seed, lambda line: typer.echo(line, err=True))


@lantern_app.command("check")
@told
def lantern_check(
    folder: Annotated[
        Path | None, typer.Option(help="Folder of the model; default: the product's own.")
    ] = None,
) -> None:
    """Measure Lantern's gates and write them into its model card."""
    from rlft_gui.lantern import check
    from rlft_gui.resources import assets_dir

    typer.echo(check.check(folder or assets_dir() / "lantern"))


def _order(metric: str, own_first: bool) -> tuple[bool, bool, str]:
    """What own data is judged by first, where it is."""
    return (own_first and not metric.startswith("held/"), own_first and metric != "eval/loss", metric)


def _wait(services: "Services", pipeline: Pipeline) -> None:
    """Follow a pipeline to its end. An interrupt leaves it training, as closing the browser would."""
    try:
        for run in pipeline.runs:
            _follow(services, run.id)
    except KeyboardInterrupt:
        live = ", ".join(r.id for r in services.runs.pipeline(pipeline.id).runs if not r.status.is_ended)
        typer.echo(f"Training goes on in the background: {live}. `rlft stop RUN` ends a run.", err=True)
        raise typer.Exit(130) from None


def _follow(services: "Services", run_id: str) -> None:
    """Wait until one run has ended, and see that a keeper lives meanwhile."""
    say = _once()
    with _progress(run_id) as show:
        while not (run := services.runs.get(run_id)).status.is_ended:
            services.runs.tend()
            show(run)
            if run.status is RunStatus.QUEUED and (told := services.reviewing.how_to_approve(run)):
                say(told)
            time.sleep(WAIT_SECONDS)
        show(run)
    if run.status is not RunStatus.SUCCEEDED:
        typer.echo(f"{run.id} {run.status}: {run.reason or 'no reason was given.'}", err=True)


def _once() -> Callable[[str], None]:
    """Prints a sentence to standard error unless it was printed before."""
    said: set[str] = set()

    def say(sentence: str) -> None:
        if sentence not in said:
            said.add(sentence)
            typer.echo(sentence, err=True)

    return say


@contextmanager
def _progress(run_id: str) -> Iterator[Callable[[Run], None]]:
    """A bar on a terminal; elsewhere one line per change of status."""
    if not sys.stderr.isatty():
        seen: list[str] = []

        def line(run: Run) -> None:
            if run.status not in seen:
                seen.append(run.status)
                typer.echo(f"{run_id} {run.status}", err=True)

        yield line
        return
    with tqdm(desc=run_id, file=sys.stderr, unit="step", leave=True) as bar:

        def update(run: Run) -> None:
            bar.total = run.total_steps
            bar.set_postfix_str(run.phase or run.status, refresh=False)
            bar.update(run.step - bar.n)

        yield update


def _pipeline_json(services: "Services", pipeline: Pipeline) -> dict[str, Any]:
    from rlft_gui.services.datasets.accounts import data_account

    runs = [
        _run_json(services, run) | {"data": data_account(services.datasets, run).model_dump()}
        for run in pipeline.runs
    ]
    return {"pipeline": pipeline.id, "runs": runs}


def _run_json(services: "Services", run: Run) -> dict[str, Any]:
    from rlft_gui.services.runs.measured_by import measured_by

    last = {name: points[-1].value for name, points in services.runs.metrics(run.id).items()}
    return {
        "id": run.id,
        "stage": run.stage,
        "status": str(run.status),
        "reason": run.unreadable or run.reason,
        "folder": str(services.home.run(run.id).path),
        "measured_by": measured_by(run, services.runs),
        "metrics": last,
        "alarms": [
            one.model_dump(include={"step", "name", "message"}) for one in services.runs.alarms(run.id)
        ],
    }


def _print_runs(found: tuple[Run, ...]) -> None:
    for run in found:
        done = f"step {run.step}" + (f" of {run.total_steps}" if run.total_steps else "")
        typer.echo(f"{run.id:24} {run.stage:17} {run.status:10} {done:16} {run.title}")
        if run.unreadable:
            typer.echo(f"{'':24} {run.unreadable}")


def _print_accounts(services: "Services", found: tuple[Run, ...]) -> None:
    """What became of the rows of each run, a line for each thing there is to tell."""
    from rlft_gui.services.datasets.accounts import data_account, told

    for run in found:
        for name, value in told(data_account(services.datasets, run)):
            typer.echo(f"{run.id:24} {name.lower():17} {value}")


def _print_alarms(services: "Services", found: tuple[Run, ...]) -> None:
    """A run may succeed and still need a look."""
    for run in found:
        for alarm in services.runs.alarms(run.id):
            typer.echo(f"{run.id:24} {'needs a look':17} step {alarm.step}: {alarm.message}", err=True)


def _print_rows(rows: "list[GeneratedRow]") -> None:
    """Each row as a block: its number and prompt, then what else it holds."""
    for each in rows:
        prompt, *columns = _told_columns(each.row)
        typer.echo(f"{each.number}  {prompt[1]}")
        for name, text in columns:
            typer.echo(f"   {name:22} {text}")


def _told_columns(row: dict[str, Any]) -> list[tuple[str, str]]:
    """The columns of a row as texts, the prompt first and how it came about last."""
    told = [("prompt", _said(row["prompt"]))]
    for name, value in row.items():
        if name == "candidates":
            told += [(f"candidate {number}", _said(turns)) for number, turns in enumerate(value, start=1)]
        elif name not in ("prompt", "made"):
            told.append((name, _said(value) if isinstance(value, list) else str(value)))
    return told + [(name, " ".join(str(value).split())) for name, value in row.get("made", {}).items()]


def _said(messages: list[dict[str, str]]) -> str:
    """The last turn, on one line."""
    return " ".join(messages[-1]["content"].split())


def _print_comparison(comparison: Comparison) -> None:
    for index, prompt in enumerate(comparison.prompts):
        typer.echo(f"{prompt}")
        for pane, answer in comparison.answers_to(index):
            seed = f", seed {answer.seed}" if comparison.draws > 1 else ""
            typer.echo(f"  {answer.checkpoint or pane.model}{seed}: {answer.text or answer.error or ''}")
            if answer.text and (ending := _ending(answer)):
                typer.echo(f"    ({ending})")


def _ending(answer: Generation) -> str | None:
    """Why an answer is not whole; None where it is."""
    is_cut = answer.finish is not None and answer.finish.startswith("cut")
    return answer.error or (answer.finish if is_cut else None)


def _number(value: float | None, nonfinite: str | None) -> str:
    return f"{value:.6g}" if value is not None else str(nonfinite)
