"""Lines as version 0.2.0 wrote and read them: a process or an app of it may still live beside a newer one."""

import json

from rlft_gui.domain.comparison import Generation, GenerationStatus, Sampling
from rlft_gui.inference.protocol import VERSION, BasedModel, GenerationRequest, Hello, Reply

REQUEST = {
    "id": "c1",
    "panes": [
        {"base": "lantern", "run_id": None, "step": None},
        {"base": "lantern", "run_id": "r1", "step": 20},
    ],
    "prompts": ["hello"],
    "sampling": {"temperature": 0.7, "top_p": 1.0, "max_new_tokens": 128, "seed": 7},
    "training_is_live": True,
}
ANSWER = {
    "pane": 1,
    "prompt_index": 0,
    "status": "writing",
    "checkpoint": "r1@20",
    "text": "so",
    "tokens": 2,
    "seconds": 0.5,
    "finish": None,
    "error": None,
}
REPLY = {"id": "c1", "event": "answers", "device": "", "note": None, "answers": [ANSWER], "message": ""}


def test_a_request_is_the_same_line_as_before() -> None:
    request = GenerationRequest(
        id="c1",
        panes=(BasedModel(base="lantern"), BasedModel(base="lantern", run_id="r1", step=20)),
        prompts=("hello",),
        sampling=Sampling(seed=7),
        training_is_live=True,
    )
    assert json.loads(request.model_dump_json()) == REQUEST
    assert GenerationRequest.model_validate(REQUEST) == request


def test_a_reply_of_answers_says_nothing_of_rewards_which_older_clients_do_not_know() -> None:
    assert b"scored" not in Reply(id="c1", event="done").line()


def test_an_answer_is_the_same_line_as_before_without_scores() -> None:
    answer = Generation(
        pane=1,
        prompt_index=0,
        status=GenerationStatus.WRITING,
        checkpoint="r1@20",
        text="so",
        tokens=2,
        seconds=0.5,
    )
    reply = Reply(id="c1", event="answers", answers=(answer,))
    assert json.loads(reply.line()) == REPLY
    assert Reply.model_validate(REPLY) == reply


def test_the_first_line_names_the_same_version() -> None:
    assert json.loads(Hello(token="t").model_dump_json()) == {"token": "t", "version": 1}
    assert VERSION == 1
