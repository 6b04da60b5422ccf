"""Lines of this version: a process and an app that write others must not take each other for their like."""

import json

from rlft_gui.domain.comparison import Generation, GenerationStatus, Sampling
from rlft_gui.inference.protocol import VERSION, Ask, BasedModel, GenerationRequest, Hello, Reply

NOBODY = {"base": "lantern", "run_id": None, "step": None, "named": None, "endpoint": None, "url": ""}
REQUEST = {
    "id": "c1",
    "panes": [NOBODY, {**NOBODY, "run_id": "r1", "step": 20}],
    "conversations": [[{"role": "user", "content": "hello"}]],
    "asks": [{"pane": 1, "prompt_index": 0, "draw": 2, "conversation": 0, "seed": 9}],
    "sampling": {"temperature": 0.7, "top_p": 1.0, "max_new_tokens": 128, "seed": 7},
    "training_is_live": True,
}
ANSWER = {
    "pane": 1,
    "prompt_index": 0,
    "draw": 2,
    "seed": 9,
    "status": "writing",
    "checkpoint": "r1@20",
    "text": "so",
    "tokens": 2,
    "seconds": 0.5,
    "finish": None,
    "error": None,
}
REPLY = {"id": "c1", "event": "answers", "device": "", "note": None, "answers": [ANSWER], "message": ""}


def test_a_request_is_this_line() -> None:
    request = GenerationRequest(
        id="c1",
        panes=(BasedModel(base="lantern"), BasedModel(base="lantern", run_id="r1", step=20)),
        conversations=(({"role": "user", "content": "hello"},),),
        asks=(Ask(pane=1, prompt_index=0, draw=2, conversation=0, seed=9),),
        sampling=Sampling(seed=7),
        training_is_live=True,
    )
    assert json.loads(request.model_dump_json()) == REQUEST
    assert GenerationRequest.model_validate(REQUEST) == request


def test_a_reply_of_answers_says_nothing_of_rewards_which_older_clients_do_not_know() -> None:
    assert b"scored" not in Reply(id="c1", event="done").line()


def test_an_answer_is_this_line_without_scores() -> None:
    answer = Generation(
        pane=1,
        prompt_index=0,
        draw=2,
        seed=9,
        status=GenerationStatus.WRITING,
        checkpoint="r1@20",
        text="so",
        tokens=2,
        seconds=0.5,
    )
    reply = Reply(id="c1", event="answers", answers=(answer,))
    assert json.loads(reply.line()) == REPLY
    assert Reply.model_validate(REPLY) == reply


def test_the_first_line_names_the_version_of_these_lines() -> None:
    assert json.loads(Hello(token="t").model_dump_json()) == {"token": "t", "version": 2}
    assert VERSION == 2
