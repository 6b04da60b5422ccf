"""Voting in a browser, by keyboard: what is on screen, where the focus is, and what is kept when nobody answers."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, Response, Route, expect

from rlft_gui.domain.vote_plan import Question, VotePlan
from rlft_gui.domain.votes import Choice, Rater, Verdict, VoteSet
from tests.services.feedback.voting_home import compared
from tests.ui.fakes_new import NewWorld
from tests.ui.test_vote import SECRETS
from tests.ui.visiting import Visit

pytestmark = pytest.mark.slow

PROMPTS = 24


def votable(world: NewWorld) -> None:
    """A set by the name of each question, over one comparison; the same for all tests of an app."""
    if Question.PAIR in {one.name for one in world.votes.list()}:
        return
    source = compared(world.storage, "c-votes", PROMPTS)
    for question in Question:
        plan = VotePlan(question=question, checks=0, repeats=0, raters=20)
        draft = VoteSet(name=question, sources=(source,), plan=plan, attributes=("kind", "short"))
        world.voting.create(draft, user="local")


@pytest.fixture(autouse=True)
def voted_on(world: NewWorld) -> None:
    """All tests vote in the same sets, each under a name of its own."""
    votable(world)


def begin(visit: Visit, question: str, rater: str) -> Page:
    visit.context.add_init_script(f"localStorage.setItem('rl-rater', {json.dumps(rater)})")
    page = visit.open(f"/vote?votes={question}")
    page.locator("#vote-prompt").wait_for()
    return page


def prompt(page: Page) -> str:
    return page.locator("#vote-prompt p").first.inner_text()


def vote(page: Page, key: str) -> None:
    """Press a key, and wait for the next question; what was shown before is gone at once."""
    before = prompt(page)
    page.keyboard.press(key)
    expect(page.locator("#vote-prompt p").first).not_to_have_text(before)


def votes_of(world: NewWorld, name: str, rater: str) -> list[Any]:
    return [one for one in world.votes.cast(name) if one.rater.name == rater]


def all_sent(page: Page) -> None:
    page.wait_for_function("!Object.keys(localStorage).some(name => name.startsWith('rl-vote:'))")


def test_a_blind_vote_by_keyboard_with_undo_and_reload(visit: Visit, world: NewWorld) -> None:
    told: list[str] = []

    def listen(response: Response) -> None:
        if "component_server" in response.url and "vote_next" in (response.request.post_data or ""):
            told.append(response.text())

    visit.page.on("response", listen)
    page = begin(visit, "pair", "Keys")
    expect(page.locator("#vote-last")).to_contain_text("after your first vote")
    assert "Quick tour" not in page.locator("#vote").inner_text().split("So far")[0]

    page.keyboard.press("3")
    zero_is_left = page.locator(".rl-vote-words").first.inner_text().startswith("zero")
    vote(page, "a" if zero_is_left else "b")
    expect(page.locator("#vote-prompt")).to_be_focused()
    expect(page.locator("#vote-last")).to_contain_text(
        "You chose Base of everything over Quick tour · DPO (far better)"
    )
    expect(page.locator("#vote-so-far")).to_contain_text("Too early to tell.")
    train = page.get_by_role("link", name="Train on these votes")
    expect(train).to_have_attribute("href", "/new?votes=pair")
    shown = prompt(page)
    vote(page, "t")
    all_sent(page)
    expect(page.locator("#vote-last")).to_contain_text("A tie between")

    page.keyboard.press("u")
    expect(page.locator("#vote-prompt p").first).to_have_text(shown)
    expect(page.locator("#vote-last")).to_contain_text("You chose")
    vote(page, "x")
    all_sent(page)
    open_now = prompt(page)
    page.reload()
    expect(page.locator("#vote-prompt p").first).to_have_text(open_now)
    expect(page.locator("#vote-last")).to_contain_text("Both bad")

    first, second = votes_of(world, "pair", "Keys")
    assert (first.verdict.choice, first.verdict.strength) == (Choice.A, 3)
    assert second.verdict.choice is Choice.BOTH_BAD
    assert all(0 < one.seconds < 60 for one in (first, second))
    assert told
    for answer in told:
        for secret in SECRETS:
            assert secret not in answer.replace("answers question", "").replace("Question", ""), secret


def test_fast_keys_judge_each_pair_once_and_a_held_key_only_one(visit: Visit, world: NewWorld) -> None:
    page = begin(visit, "pair", "Fast")
    seen = []
    for key in "abt":
        seen.append(prompt(page))
        page.keyboard.press(key)
    all_sent(page)
    given = votes_of(world, "pair", "Fast")
    assert len(given) == len({one.prompt_id for one in given}) == 3
    page.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'a', repeat: true}))")
    page.wait_for_timeout(300)
    assert len(votes_of(world, "pair", "Fast")) == 3


def test_keys_are_letters_in_fields_and_can_be_switched_off(visit: Visit, world: NewWorld) -> None:
    page = begin(visit, "pair", "Notes")
    page.keyboard.press("n")
    expect(page.get_by_label("Note, goes with the vote")).to_be_focused()
    page.keyboard.type("about a boat")
    page.keyboard.press("Enter")
    expect(page.locator("#vote-prompt")).to_be_focused()
    vote(page, "b")
    all_sent(page)
    (given,) = votes_of(world, "pair", "Notes")
    assert given.verdict.text == "about a boat"

    page.get_by_label("Single keys vote on this page").uncheck()
    page.keyboard.press("a")
    page.wait_for_timeout(300)
    assert len(votes_of(world, "pair", "Notes")) == 1
    page.get_by_role("button", name="A is better").click()
    expect(page.locator("#vote-last")).to_contain_text("You chose")
    all_sent(page)
    assert len(votes_of(world, "pair", "Notes")) == 2


def test_the_better_answer_is_edited_with_its_vote(visit: Visit, world: NewWorld) -> None:
    page = begin(visit, "pair", "Edits")
    page.keyboard.press("e")
    expect(page.get_by_text("the better answer opens")).to_be_visible()
    page.keyboard.press("a")
    field = page.get_by_label("Answer A as it should be")
    expect(field).to_be_focused()
    field.press("End")
    page.keyboard.type(" and all")
    page.keyboard.press("Control+Enter")
    all_sent(page)
    pair, edit = votes_of(world, "pair", "Edits")
    assert pair.verdict.choice in (Choice.A, Choice.B)
    assert edit.verdict.text.endswith("plain words and all")


def test_points_thumbs_and_words_by_keyboard(visit: Visit, world: NewWorld) -> None:
    page = begin(visit, "likert", "All")
    vote(page, "4")
    all_sent(page)
    page.goto(f"{visit.address}/vote?votes=attributes")
    page.locator("#vote-prompt").wait_for()
    page.keyboard.press("5")
    page.keyboard.press("0")
    page.keyboard.press("2")
    vote(page, "1")
    all_sent(page)
    page.goto(f"{visit.address}/vote?votes=thumb")
    page.locator("#vote-prompt").wait_for()
    page.keyboard.press("g")
    all_sent(page)
    page.goto(f"{visit.address}/vote?votes=critique")
    page.locator("#vote-prompt").wait_for()
    page.keyboard.press("n")
    page.keyboard.type("Too many words.")
    page.keyboard.press("Control+Enter")
    all_sent(page)
    page.goto(f"{visit.address}/vote?votes=edit")
    page.locator("#vote-prompt").wait_for()
    page.keyboard.press("e")
    page.keyboard.press("Control+Enter")
    page.keyboard.type("Short. ")
    page.keyboard.press("Control+Enter")
    all_sent(page)

    def said(name: str) -> Any:
        (one,) = votes_of(world, name, "All")
        return one.verdict

    assert said("likert").scores == {"overall": 4}
    assert said("attributes").scores == {"kind": 2, "short": 1}
    assert said("thumb").is_good is True
    assert said("critique").text == "Too many words."
    assert "Short. " in said("edit").text


def test_a_pair_that_was_judged_in_another_tab_is_told_and_a_fresh_one_comes(
    visit: Visit, world: NewWorld
) -> None:
    one = begin(visit, "pair", "Tabs")
    two = visit.context.new_page()
    two.goto(f"{visit.address}/vote?votes=pair")
    expect(two.locator("#vote-prompt p").first).to_have_text(prompt(one))
    two.wait_for_timeout(1000)  # both have the next pairs at hand
    judged = [prompt(one)]
    vote(one, "a")
    judged.append(prompt(one))
    vote(one, "x")
    all_sent(one)

    two.keyboard.press("b")
    expect(two.locator("#vote")).to_contain_text(
        "You judged this pair in another tab: A. Undo there to change it."
    )
    expect(two.locator("#vote-prompt p").first).to_have_text(prompt(one))
    assert prompt(two) not in judged, "nor one that was judged there since"
    first, second = votes_of(world, "pair", "Tabs")
    assert first.verdict.choice == (Choice.A if first.left == "a" else Choice.B)
    assert second.verdict.choice is Choice.BOTH_BAD


def test_a_text_that_is_too_long_is_told_in_the_editor_and_nothing_is_lost(
    visit: Visit, world: NewWorld
) -> None:
    page = begin(visit, "pair", "Long")
    page.keyboard.press("e")
    page.keyboard.press("a")
    field = page.get_by_label("Answer A as it should be")
    before = prompt(page)
    field.fill("")
    field.press("Control+Enter")
    expect(page.locator("#vote-text-why")).to_contain_text("There are no words left.")
    field.fill("x" * 30_000)
    expect(page.locator("#vote-text-room")).to_have_text("30,000 of 20,000 characters")
    expect(page.locator("#vote-text-why")).to_contain_text("20,000 are the most. Shorten it by 10,000.")
    field.press("Control+Enter")
    assert prompt(page) == before
    assert field.input_value() == "x" * 30_000
    field.fill("x" * 20_000)
    field.press("Control+Enter")
    all_sent(page)
    _, edit = votes_of(world, "pair", "Long")
    assert edit.verdict.text == "x" * 20_000


def test_words_of_a_refused_vote_stay_until_they_are_let_go(visit: Visit, world: NewWorld) -> None:
    page = begin(visit, "critique", "Words")
    page.wait_for_timeout(500)
    (ballot,) = world.voting.next("critique", Rater(name="Words"), user="local")
    world.voting.cast(ballot.id, Verdict(text="Dull."), Rater(name="Words"), user="local")
    page.keyboard.press("n")
    page.keyboard.type("What I wrote here.")
    page.keyboard.press("Control+Enter")
    kept = page.locator("#vote-refused")
    expect(kept).to_contain_text("You judged this answer in another tab: in other words.")
    page.reload()
    expect(kept.locator("textarea")).to_have_value("What I wrote here.")
    page.get_by_role("button", name="Let them go").click()
    expect(kept).to_have_count(0)
    page.reload()
    page.locator("#vote-prompt").wait_for()
    expect(kept).to_have_count(0)


def test_nothing_to_undo_cannot_be_undone(visit: Visit) -> None:
    page = begin(visit, "pair", "Undoes")
    for undo in page.get_by_role("button", name="undo").all():
        expect(undo).to_be_disabled()
    page.keyboard.press("u")
    expect(page.get_by_text("That did not work")).to_have_count(0)
    vote(page, "a")
    expect(page.locator("#vote-last").get_by_role("button", name="Undo")).to_be_enabled()


def test_a_typed_name_is_remembered_and_a_known_spelling_taken(visit: Visit, world: NewWorld) -> None:
    world.voting.next("pair", Rater(name="Zo\u00e9"), user="local")
    page = visit.open("/vote")
    page.get_by_label("Your name").fill("ZO\u00c9")
    page.goto(f"{visit.address}/vote?votes=pair")
    expect(page.locator("#vote")).to_contain_text("You vote as Zo\u00e9.")
    page.goto(f"{visit.address}/vote")
    page.get_by_label("Your name").fill("Zo\u202e\u00e9")
    page.goto(f"{visit.address}/vote?votes=pair")
    expect(page.get_by_role("alert")).to_contain_text("found U+202E (right-to-left override)")
    expect(page.locator("#vote-sets")).to_contain_text("pair")


def test_votes_that_cannot_be_sent_are_kept_told_and_sent_again(visit: Visit, world: NewWorld) -> None:
    page = begin(visit, "pair", "Offline")
    page.wait_for_timeout(500)

    def cut(route: Route) -> None:
        route.fulfill(status=503, body="away")

    page.route("**/component_server**", cut)
    vote(page, "a")
    vote(page, "b")
    expect(page.locator(".rl-vote-kept")).to_contain_text("2 votes are kept in this browser")
    assert votes_of(world, "pair", "Offline") == []
    visit.errors.clear()  # of requests that were cut off

    page.unroute("**/component_server**")
    page.get_by_role("button", name="Try now").first.click()
    all_sent(page)
    expect(page.locator(".rl-vote-kept")).to_have_count(0)
    assert len(votes_of(world, "pair", "Offline")) == 2
    visit.errors.clear()


def test_what_an_earlier_visit_could_not_send_is_sent_before_a_set_is_chosen(
    visit: Visit, world: NewWorld
) -> None:
    (ballot,) = world.voting.next("pair", Rater(name="Later"), user="local")
    cast = {"ballot": ballot.id, "rater": "Later", "choice": "tie"}
    entry = {"ballot": ballot.id, "rater": "Later", "votes": "pair", "cast": cast, "at": 1}
    visit.context.add_init_script(
        f"localStorage.setItem('rl-vote:{ballot.id}', {json.dumps(json.dumps(entry))})"
    )
    visit.open("/vote")
    visit.page.wait_for_function("document.querySelector('.rl-vote')?.dataset.ready === ''")
    all_sent(visit.page)
    assert [one.verdict.choice for one in votes_of(world, "pair", "Later")] == [Choice.TIE]


def test_a_set_that_is_not_there_is_told(visit: Visit) -> None:
    visit.context.add_init_script("localStorage.setItem('rl-rater', 'Anna')")
    page = visit.open("/vote?votes=pairs")
    expect(page.locator("#vote")).to_contain_text('There is no set of votes "pairs". Did you mean "pair"?')


def test_a_set_is_made_from_a_comparison_and_judged_to_its_end(visit: Visit, world: NewWorld) -> None:
    compared(world.storage, "c-two", 2)
    stored = world.storage.comparisons.get("c-two")
    assert stored is not None
    world.comparing.comparisons["c-two"] = stored
    page = visit.open("/vote?comparison=c-two")
    page.get_by_role("button", name="Start voting").click()
    expect(page.get_by_role("alert")).to_contain_text("Type your name first")
    page.get_by_label("Your name").fill("Ends")
    page.get_by_role("button", name="Start voting").click()
    expect(page).to_have_url(re.compile(r"votes=Question"))
    vote(page, "a")
    page.keyboard.press("b")
    expect(page.get_by_text("That was all")).to_be_visible()
    judge = page.get_by_role("link", name="Have a judge vote")
    expect(judge).to_have_attribute("href", re.compile(r"^/ratings\?votes=.+#have-judge$"))
    expect(page.get_by_role("link", name="See how the models stand")).to_be_visible()
