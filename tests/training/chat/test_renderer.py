"""A chat template is a program: it may loop, take all memory or break, and the worker lives on with a sentence."""

import os
import signal
import time
from collections.abc import Iterator

import psutil
import pytest

from rlft_gui.training.chat import Chat
from rlft_gui.training.chat.renderer import Renderer, TemplateTrouble
from tests.fakes import chats

pytestmark = pytest.mark.slow

HELLO = [[{"role": "user", "content": "Hello."}]]


@pytest.fixture
def renderer() -> Iterator[Renderer]:
    made = Renderer(seconds=2)
    yield made
    made.close()


def test_a_template_that_loops_ends_with_a_sentence_and_the_next_one_is_rendered(renderer: Renderer) -> None:
    renderer.render(chats.CHATML, {}, HELLO, asks=True)
    started = time.monotonic()
    with pytest.raises(
        TemplateTrouble, match=r"was not done with 1 conversations after 2 seconds, so it may loop"
    ):
        renderer.render(chats.LOOPS, {}, HELLO, asks=True)
    assert time.monotonic() - started < 20
    ((is_text, text),) = renderer.render(chats.CHATML, {}, HELLO, asks=True)
    assert (is_text, text) == (True, "<|im_start|>user\nHello.<|im_end|>\n<|im_start|>assistant\n")


def test_a_template_that_swells_is_refused_and_takes_no_memory_here(renderer: Renderer) -> None:
    others = set(psutil.Process().children())
    ((is_text, why),) = renderer.render(chats.SWELLS, {}, HELLO, asks=True)
    assert not is_text
    assert why == "it takes more than 1,024 MB of memory"
    (child,) = set(psutil.Process().children()) - others
    assert child.memory_info().rss < 600_000_000


def test_a_text_beyond_all_rows_is_refused(renderer: Renderer) -> None:
    ((is_text, why),) = renderer.render("{{ 'a' * 5000000 }}", {}, HELLO, asks=True)
    assert (is_text, why) == (False, "it writes 5,000,000 characters, and at most 4,000,000 are read")


def test_the_process_may_be_killed_at_any_time(renderer: Renderer) -> None:
    others = set(psutil.Process().children())
    renderer.render(chats.CHATML, {}, HELLO, asks=True)
    (child,) = set(psutil.Process().children()) - others
    os.kill(child.pid, signal.SIGKILL)
    child.wait(10)
    assert renderer.render(chats.CHATML, {}, HELLO, asks=True)[0][0]


def test_many_conversations_keep_their_order(renderer: Renderer) -> None:
    asked = [[{"role": "user", "content": f"{number} {'x' * (number % 7 * 9000)}"}] for number in range(700)]
    texts = renderer.render("{{ messages[0]['content'] }}", {}, asked, asks=False)
    assert [text for _, text in texts] == [conversation[0]["content"] for conversation in asked]


@pytest.mark.parametrize(
    ("template", "said"),
    [
        (chats.BROKEN, r"Its chat template cannot write a question: Unexpected end of template"),
        (chats.SILENT, r"Its chat template leaves out what the user says"),
        (chats.SWELLS, r"it takes more than 1,024 MB of memory"),
    ],
)
def test_a_template_that_cannot_be_used_is_a_sentence(template: str, said: str) -> None:
    with pytest.raises(TemplateTrouble, match=said):
        _ = Chat(chats.bytes_tokenizer(template)).end
