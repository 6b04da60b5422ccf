"""Gradio's `Blocks` without what it tells every browser for the sake of its page of API documentation.

That page is off and the events of all pages are private, yet each component comes with three descriptions of its value
(4.2 kB for an upload) and an example. The browser's part of Gradio reads none of them (`api_info_as_input` is not in
its scripts), and on the server `get_api_info` reads them for events that are public only. Those few stand on a page of their
own (pages/api), and what they take and give keeps its description.

Parts link in their `head` what they import, and they share most of it: here each page keeps the first link to a file.
"""

import re
from collections.abc import Iterable
from typing import Any

import gradio as gr
from gradio.blocks import BlocksConfig

FOR_API_DOCUMENTATION = ("api_info", "api_info_as_input", "api_info_as_output", "example_inputs")
PUBLIC = "api"  #: the type of what public events take and give
#: Of a component: what the server alone acts on, or what only a component inside `gr.render` or a chat has. The browser's
#: scripts read none of them.
UNREAD_OF_COMPONENTS = ("skip_api", "key")
UNREAD_OF_PROPS = ("preserved_by_key", "_retryable", "_undoable", "likeable", "streamable")
#: Of an event: what the server alone acts on, or the client in Python.
UNREAD_OF_EVENTS = (
    "api_description",
    "api_visibility",
    "batch",
    "collects_event_data",
    "max_batch_size",
    "render_id",
    "rendered_in",
    "scroll_to_output",
    "stream_every",
    "time_limit",
)
#: Of an event: what the browser takes for unset where it is missing.
UNSET = (
    "component_prop_inputs",
    "event_specific_args",
    "js_implementation",
    "show_progress_on",
    "trigger_after",
    "trigger_only_on_failure",
    "trigger_only_on_success",
)
_LINK = re.compile(r"<link [^>]*>")


class LeanSession(BlocksConfig):
    """What a session keeps of the blocks: themselves, and not the configuration of each once more, 0.2 MB a load of a
    page, which Gradio reads for links to a state alone. There are none here."""

    @staticmethod
    def config_for_block(*_args: Any, **_kwargs: Any) -> dict[str, Any]:
        return {}


class LeanConfig(BlocksConfig):
    """Those of the app itself, which sessions begin with."""

    def __copy__(self) -> BlocksConfig:
        new = LeanSession(self.root_block)
        new.blocks, new.fns, new.fn_id = dict(self.blocks), dict(self.fns), self.fn_id
        new.renderables = list(self.renderables)
        return new


class LeanBlocks(gr.Blocks):
    """Blocks whose configuration holds what the browser reads, and pages that are laid out in one go."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.default_config = LeanConfig(self)

    def get_config_file(self) -> Any:
        config = super().get_config_file()
        linked: dict[str, set[str]] = {}
        for component in config["components"]:
            _leave_out(component, UNREAD_OF_COMPONENTS)
            if component["type"] != PUBLIC:
                _leave_out(component, FOR_API_DOCUMENTATION)
            _leave_out(component["props"], UNREAD_OF_PROPS)
            # A key of the browser's, 64 letters long for the sake of components from other packages; there are none here.
            component["component_class_id"] = component["type"]
            if head := component["props"].get("head"):
                page = self.blocks[component["id"]].page
                component["props"]["head"] = without_links(head, linked.setdefault(page, set()))
        for event in config["dependencies"]:
            _leave_out(event, UNREAD_OF_EVENTS)
            _leave_out(event, [name for name in UNSET if not event[name]])
        _for_programs_alone(config)
        return config

    def open_page(self, name: str, path: str, in_navbar: bool) -> None:
        """What is laid out from here on is of this page. Like `route`, which leaves and enters the context instead;
        every leaving makes the configuration and a whole web application anew, and the last one counts."""
        self.pages.append((path, name, in_navbar))
        self.current_page = path


def _for_programs_alone(config: Any) -> None:
    """Take what is public off its page: programs read the whole configuration, and every browser that of all pages'
    layouts."""
    public = {one["id"] for one in config["components"] if one["type"] == PUBLIC}
    events = {one["id"] for one in config["dependencies"] if public.intersection(one["outputs"])}
    for page in config["page"].values():
        page["components"] = [each for each in page["components"] if each not in public]
        page["dependencies"] = [each for each in page["dependencies"] if each not in events]
        page["layout"]["children"] = [each for each in page["layout"]["children"] if each["id"] not in public]


def _leave_out(told: dict[str, Any], names: Iterable[str]) -> None:
    for name in names:
        told.pop(name, None)


def without_links(head: str, linked: set[str]) -> str:
    """The tags of a part's head without links that the page has already; those that are new go into `linked`."""

    def keep(tag: re.Match[str]) -> str:
        known = tag[0] in linked
        linked.add(tag[0])
        return "" if known else tag[0]

    return _LINK.sub(keep, head)
