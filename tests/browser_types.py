"""Writes rlft_gui/ui/payloads.d.ts: what the browser may ask and is told, from the models in every payloads.py.

`python -m tests.browser_types` writes it (`make types` does so); tests/ui/test_types.py finds a stale one.
"""

import importlib
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from rlft_gui.domain._base import Frozen
from rlft_gui.ui.contract import ServerFunction

ROOT = Path(__file__).resolve().parent.parent
UI = ROOT / "rlft_gui" / "ui"
FILE = UI / "payloads.d.ts"
HEAD = "// Made by `make types` from the models in payloads.py. Do not edit.\n"


class _Plain(GenerateJsonSchema):
    """Schemas that name what they are: no titles of fields, whose names json2ts would make into types."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def field_is_required(self, field: Any, total: bool) -> bool:
        """What Python tells is always told, defaults too."""
        return self.mode == "serialization" or super().field_is_required(field, total)


def declared(modules: list[ModuleType]) -> Iterator[tuple[str, Any]]:
    for module in modules:
        for name, value in vars(module).items():
            if getattr(value, "__module__", module.__name__) == module.__name__ or isinstance(
                value, ServerFunction
            ):
                yield name, value


def payload_modules() -> list[ModuleType]:
    files = sorted(UI.rglob("payloads.py"))
    return [importlib.import_module(".".join(file.relative_to(ROOT).with_suffix("").parts)) for file in files]


def models() -> list[type[Frozen]]:
    """Every model of every payloads.py, each name once."""
    found = [value for _, value in declared(payload_modules()) if _is_model(value)]
    names = [model.__name__ for model in found]
    assert len(set(names)) == len(names), f"two models of one name among {sorted(names)}"
    functions = server_functions().values()
    beside = {model for function in functions for model in (function.asked, function.answered)} - set(found)
    return [*sorted(beside, key=lambda model: model.__name__), *found]


def _is_model(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, Frozen)


def server_functions() -> dict[str, ServerFunction[Any, Any]]:
    found = [value for _, value in declared(payload_modules()) if isinstance(value, ServerFunction)]
    return {function.name: function for function in found}


def text() -> str:
    """The whole file, as Prettier leaves it."""
    asked = {function.asked for function in server_functions().values()}
    pairs = [(model, "validation" if model in asked else "serialization") for model in models()]
    _, schema = models_json_schema(pairs, schema_generator=_Plain)  # type: ignore[arg-type]
    definitions = _merged({name: _readable(model) for name, model in schema["$defs"].items()})
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump({"title": "Payloads", "type": "object", "$defs": definitions}, file)
        file.flush()
        types = _node(
            "json2ts", "--unreachableDefinitions", "--no-additionalProperties", "--input", file.name
        )
    return HEAD + _node("prettier", "--stdin-filepath", str(FILE), stdin=_own(types) + _server())


def _merged(definitions: dict[str, Any]) -> dict[str, Any]:
    """A model that is told and asked back has one type: as it is told."""
    kept = {name: model for name, model in definitions.items() if not name.endswith("-Input")}
    text = json.dumps(kept).replace('-Input"', '"').replace('-Output"', '"')
    merged: dict[str, Any] = json.loads(text)
    return merged


def _readable(schema: Any) -> Any:
    """As json2ts reads schemas: tuples as they were written before 2020. It makes a type of whatever has a title, and a
    second one of a type whose field has a default, so both go."""
    if isinstance(schema, list):
        return [_readable(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    schema = {
        key: {name: _readable(field) for name, field in value.items()}
        if key == "properties"
        else _readable(value)
        for key, value in schema.items()
        if key not in ("title", "default")
    }
    if "prefixItems" in schema:
        schema["items"] = schema.pop("prefixItems")
    elif schema.get("type") == "array" and "maxItems" in schema:
        del schema["maxItems"]  # a limit of what may be asked, not a tuple
    return schema


def _own(types: str) -> str:
    """Without json2ts's own remarks."""
    bare = re.sub(r"\n \*\n( \* This interface was referenced by .*\n)( \* via the .*\n)", "\n", types)
    bare = re.sub(r"/\*\*\n( \* This (interface|file) was .*\n)( \*.*\n)* \*/\n", "", bare)
    return bare.replace("/* eslint-disable */\n", "").replace("export interface Payloads {}\n", "")


def _server() -> str:
    lines = [
        f"  {name}: ServerFunction<{function.asked.__name__}, {function.answered.__name__}>;"
        for name, function in sorted(server_functions().items())
    ]
    return (
        "\n/** Asked through `call`, which unwraps the answer. */\n"
        "export type ServerFunction<A, R> = (asked: A) => Promise<R>;\n\n"
        "/** Every server function; a part has those that Python serves it. */\n"
        "export interface Server {\n" + "\n".join(lines) + "\n}\n"
    )


def _node(program: str, *arguments: str, stdin: str | None = None) -> str:
    script = ROOT / "node_modules" / ".bin" / program
    node = Path(sys.executable).parent / "node"
    done = subprocess.run(
        [node, script.resolve(), *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return done.stdout


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
