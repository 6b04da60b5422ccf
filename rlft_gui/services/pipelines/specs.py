"""Pipelines as text: presets, YAML files, `--set key=value`, and the command that repeats a pipeline.

Reading checks shape only (known keys, one mapping); whether the values make sense is `Launching.check`'s to say.
"""

import difflib
import json
import re
import shlex
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from rlft_gui.data.files.unpacking import FILE_SUFFIXES
from rlft_gui.domain._base import Frozen
from rlft_gui.domain.dataset import UPLOADED, Reading
from rlft_gui.domain.errors import InvalidInput, InvalidPipeline, NotFound, Problem
from rlft_gui.domain.named_files import named_file
from rlft_gui.domain.recipe import PipelineSpec
from rlft_gui.domain.yaml_text import LARGEST, read_yaml, write_yaml
from rlft_gui.resources import presets_dir
from rlft_gui.stages import STAGES

if TYPE_CHECKING:
    from rlft_gui.services.datasets.service import Datasets


class Preset(Frozen):
    """A pipeline shipped in presets/pipelines; the key `preset` of its file says where it comes from."""

    name: str
    spec: PipelineSpec
    source: str = ""  #: whose recipe it is, as a phrase after "from"; empty for our own
    tried: bool = True  #: False: not run by us


@cache
def presets() -> tuple[Preset, ...]:
    """Every shipped pipeline, by name."""
    files = sorted((presets_dir() / "pipelines").glob("*.yaml"))
    return tuple(_preset(file) for file in files)


def load_spec(name_or_path: str) -> PipelineSpec:
    """The preset of that name, or the pipeline in that YAML file.

    Raises:
        InvalidInput: there is neither, with the nearest preset's name.
        InvalidPipeline: the file has unknown keys or wrong shapes.
    """
    shipped = {file.stem: file for file in (presets_dir() / "pipelines").glob("*.yaml")}
    if name_or_path in shipped:
        return _read(shipped[name_or_path])
    if _is_file(name_or_path):
        return _read(Path(name_or_path).expanduser())
    raise InvalidInput(
        f'"{name_or_path}" is neither a preset nor a file.{_nearest(name_or_path, list(shipped))} '
        f"Presets: {', '.join(sorted(shipped))}."
    )


def apply_sets(spec: PipelineSpec, sets: list[str]) -> PipelineSpec:
    """The pipeline with `key=value` pairs laid over it.

    A key is a field of the pipeline ("seed", "base"), "options.NAME", "measure.NAME" or "STAGE.setting"; values are read
    as YAML.

    Raises:
        InvalidInput: a pair without "=", or a key that names nothing.
    """
    data = spec.model_dump()
    for pair in sets:
        key, found, value = pair.partition("=")
        if not found:
            raise InvalidInput(
                f'--set takes key=value, found "{pair}". Example: --set sft.learning_rate=1e-3.'
            )
        _put(data, key.removeprefix("stages."), _scalar(value))
    return parse(data)


def parse(data: Any) -> PipelineSpec:
    """A pipeline from plain data, with every problem told at once.

    Raises:
        InvalidPipeline: wrong shape, unknown keys (the nearest right one is named) or values out of bounds.
    """
    if not isinstance(data, dict):
        raise InvalidPipeline((Problem("file", f"A pipeline is a mapping of keys, found {_kind(data)}."),))
    unknown = [
        Problem(
            str(key),
            f'There is no key "{key}" in a pipeline.{_nearest(str(key), list(PipelineSpec.model_fields))}{_place(str(key))}',
        )
        for key in data
        if key not in PipelineSpec.model_fields
    ]
    known = {key: value for key, value in data.items() if key in PipelineSpec.model_fields}
    if isinstance(known.get("stages"), dict):
        known["stages"] = {name: settings or {} for name, settings in known["stages"].items()}
    try:
        spec = PipelineSpec.model_validate(known)
    except ValidationError as error:
        raise InvalidPipeline((*unknown, *(_problem(e) for e in error.errors()))) from None
    if unknown:
        raise InvalidPipeline(tuple(unknown))
    return spec


def to_yaml(spec: PipelineSpec, names: Mapping[str, str] = MappingProxyType({})) -> str:
    """A text that, read back, gives this pipeline. Only base and seed are written where they are the defaults.

    `names` says what datasets are called; a comment beside an id tells it.
    """
    told = {"base", "seed"} | spec.model_dump(exclude_defaults=True).keys()
    kept = {name: value for name, value in spec.model_dump().items() if name in told}
    text = write_yaml(kept)
    for dataset_id, name in names.items():
        line = re.compile(rf"^( +(?:data|held_out): {re.escape(dataset_id)})$", re.MULTILINE)
        comment = _on_one_line(name).replace("\\", r"\\")
        text = line.sub(rf"\1  # {comment}", text)
    return text


def file_name(spec: PipelineSpec) -> str:
    """What the pipeline's YAML file is called: "my-sft.yaml" for "My SFT"."""
    words = re.findall(r"[a-z0-9]+", spec.title.lower()) or [spec.method]
    return f"{'-'.join(words)}.yaml"


def dataset_names(spec: PipelineSpec, datasets: "Datasets") -> dict[str, str]:
    """What its uploaded datasets are called, by id. The ids of all others are names already."""
    used = {str(settings.get("data", "")) for settings in spec.stages.values()}
    used.add(str(spec.measure.get("held_out", "")))
    names = {}
    for dataset_id in sorted(one for one in used if one.startswith(UPLOADED)):
        with suppress(NotFound):
            names[dataset_id] = datasets.get(dataset_id).name
    return names


def command(spec: PipelineSpec) -> str:
    """The `rlft train` line that launches this pipeline: the preset with the fewest changes, or its YAML file, which is
    called as `file_name` says."""
    tried = ((preset.name, _changes(preset.spec, spec)) for preset in presets())
    fitting = [(name, changes) for name, changes in tried if changes is not None]
    if not fitting:
        return f"rlft train {file_name(spec)}"
    name, changes = min(fitting, key=lambda one: len(one[1]))
    sets = [word for change in changes for word in ("--set", change)]
    return shlex.join(["rlft", "train", name, *sets])


def _changes(preset: PipelineSpec, spec: PipelineSpec) -> list[str] | None:
    """What must be set on the preset to get this pipeline; None if it is another pipeline altogether."""
    same_shape = (
        preset.method == spec.method
        and set(preset.stages) == set(spec.stages)
        and set(preset.options) <= set(spec.options)
        and set(preset.measure) <= set(spec.measure)
    )
    kept = (
        all(set(preset.stages[name]) <= set(spec.stages[name]) for name in preset.stages)
        if same_shape
        else False
    )
    if not kept:
        return None
    top = [
        f"{key}={_text(getattr(spec, key))}"
        for key in ("title", "about", "base", "start_from", "seed", "review")
        if getattr(spec, key) != getattr(preset, key)
    ]
    for group in ("options", "measure"):
        had = getattr(preset, group)
        top += [
            f"{group}.{key}={_text(value)}"
            for key, value in getattr(spec, group).items()
            if had.get(key) != value
        ]
    nested = [
        f"{stage}.{key}={_text(value)}"
        for stage, settings in spec.stages.items()
        for key, value in settings.items()
        if key not in preset.stages[stage] or preset.stages[stage][key] != value
    ]
    return top + nested


def _preset(file: Path) -> Preset:
    data = _mapping(file)
    about = data.pop("preset", {}) if isinstance(data, dict) else {}
    return Preset(name=file.stem, spec=parse(data), **about)


def _read(file: Path) -> PipelineSpec:
    data = _mapping(file)
    if isinstance(data, dict):
        data.pop("preset", None)  # where a shipped file comes from
    return parse(data)


def _mapping(file: Path) -> Any:
    if file.stat().st_size > LARGEST:
        raise InvalidInput(f"{file.name} is larger than {LARGEST:,} bytes, so it is no pipeline file.")
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{file.name} is not UTF-8 text: {error.reason} at byte {error.start}.") from None
    return read_yaml(text, file.name)


def _put(data: dict[str, Any], key: str, value: Any) -> None:
    if key in PipelineSpec.model_fields and key != "stages":
        data[key] = value
        return
    first, dot, setting = key.partition(".")
    if dot and first in ("options", "measure"):
        data[first][setting] = value
        return
    if dot and first in data["stages"]:
        data["stages"][first][setting] = value
        return
    known = [name for name in PipelineSpec.model_fields if name != "stages"]
    known += [f"{name}.{field}" for name, settings in data["stages"].items() for field in settings]
    raise InvalidInput(f'--set cannot find "{key}".{_nearest(key, known)} Use seed=1 or STAGE.setting=value.')


def _scalar(text: str) -> Any:
    """A value as YAML reads it, text that is no YAML as it is. YAML 1.1 reads 1e-4 as text, people mean a number."""
    try:
        value = read_yaml(text) if text else ""
    except InvalidInput:
        return text
    if value == text:  # not in quotes
        try:
            return float(text)
        except ValueError:
            return text
    return value


def _text(value: Any) -> str:
    """A value as `_scalar` reads it back."""
    if isinstance(value, str) and _scalar(value) == value:
        return value
    return json.dumps(value, ensure_ascii=False)


def _on_one_line(name: str) -> str:
    """A name as a comment can hold it: of printable characters, without a line's end."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())


def _problem(error: Any) -> Problem:
    path = ".".join(str(part) for part in error["loc"])
    if error["type"] == "missing":
        return Problem(path, f'The pipeline has no "{path}". Add it, for example method: sft.')
    return Problem(path, f"{error['msg']}, found {error['input']!r}.")


def _place(key: str) -> str:
    """Where a setting of stages belongs."""
    of = [kind.name for kind in STAGES if key in kind.settings.model_fields]
    return f" It is a setting of a stage: write it under stages: {of[0]}:, say." if of else ""


def _nearest(word: str, known: list[str]) -> str:
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f' Did you mean "{near[0]}"?' if near else ""


def _kind(data: Any) -> str:
    return "nothing" if data is None else f"a {type(data).__name__}"


def store_files(
    spec: PipelineSpec, datasets: "Datasets", *, user: str, reading: Reading | None = None
) -> PipelineSpec:
    """The pipeline with every `data: FILE` and `held_out: FILE` stored as a dataset and named by its id.

    Args:
        reading: how its files are to be read, where a person says so.

    Raises:
        InvalidInput: a file holds no usable rows; nothing of it is stored.
    """
    stages = {
        name: settings | {"data": _stored(settings["data"], datasets, user, reading)}
        if isinstance(settings.get("data"), str)  # anything else is told as a problem of the pipeline
        else settings
        for name, settings in spec.stages.items()
    }
    measure = spec.measure
    if isinstance(held_out := measure.get("held_out"), str) and held_out:
        # A file as it is now before a dataset of its name, which may hold what it was.
        found = _stored(held_out, datasets, user, reading) if _is_file(held_out) else datasets.named(held_out)
        named = found if found != held_out else _stored(held_out, datasets, user, reading)
        measure = measure | {"held_out": named}
    return spec.model_copy(update={"stages": stages, "measure": measure})


def _stored(data: str, datasets: "Datasets", user: str, reading: Reading | None) -> str:
    if not _is_file(data):
        # A file's content decides what it is. A name that ends like this is nothing but a file's.
        if not data.lower().endswith(FILE_SUFFIXES):
            return datasets.named(data)
        raise InvalidInput(f'There is no file "{data}". Give the path of a data file, or a dataset\'s id.')
    file = Path(data).expanduser()
    return datasets.store(file, file.name, user=user, reading=reading).id


def _is_file(text: str) -> bool:
    file = named_file(text)
    return file is not None and file.is_file()
