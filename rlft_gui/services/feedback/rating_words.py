"""What ratings mean, in sentences: first which model was better, then what should be known before one trusts it."""

from collections.abc import Sequence

from rlft_gui.domain.votes import RaterKind
from rlft_gui.services.feedback.rating_facts import ModelRating, Rate, RaterFacts
from rlft_gui.services.feedback.rating_rates import votes_for
from rlft_gui.services.feedback.rating_strength import Strength

_EVEN = 3.0  #: points of a rate around 50 within which two models are as good as alike
_BIAS = 5.0  #: points of a side's share that are worth a word
_PEOPLE = {
    RaterKind.PERSON: ("person", "people"),
    RaterKind.JUDGE: ("judge", "judges"),
    RaterKind.SIMULATED: ("simulated rater", "simulated raters"),
}


def headline(models: Sequence[ModelRating], ahead: Strength | None) -> str:
    """Of the first island. `ahead`: by what the strongest leads the next."""
    if len(models) < 2:
        return "No two models were compared yet."
    if len(models) == 2 and (win := next((one.win for one in models if one.win), None)):
        other = next(one for one in models if one.win)
        return _of_two(other.title, next(one for one in models if one is not other).title, win)
    best, second = sorted(models, key=lambda one: -one.bt)[:2]
    if ahead is not None and round(ahead.points) == 0:
        return f"{best.title} and {second.title} cannot be told apart{_at_most(ahead)}."
    if ahead is None or ahead.low is None or ahead.high is None or ahead.low <= 0:
        begin = f"Too early to tell which is best: {best.title} is ahead of {second.title}"
        return begin + _by_little(ahead, sum(one.votes for one in models) // 2)
    against = f", and wins {_percent(best.win)} against {_title(models, best.baseline)}" if best.win else ""
    return f"{best.title} was best: it is clearly ahead of {second.title}, the next{against}."


def _at_most(ahead: Strength) -> str:
    return "" if ahead.high is None else f": either may be ahead by up to {ahead.high:.0f} points of rating"


def _by_little(ahead: Strength | None, pairs: int) -> str:
    if ahead is None or ahead.low is None or ahead.high is None:
        return ", on votes that allow no interval."
    half = (ahead.high - ahead.low) / 2
    needed = votes_for(ahead.points, half, pairs)
    more = f" To tell a gap of this size takes about {needed:,} pairs." if needed and needed > pairs else ""
    return f" by {ahead.points:.0f} points of rating, ±{half:.0f}.{more}"


def _of_two(model: str, other: str, win: Rate) -> str:
    if win.rate < 50:  # tell of the better one
        flipped = {"rate": 100 - win.rate, "low": 100 - win.high, "high": 100 - win.low}
        return _of_two(other, model, win.model_copy(update=flipped))
    said = f"{win.rate:.0f} % of {_count(win.n, 'vote')}"
    if win.low > 50:
        return f"{model} was better than {other}: {said}, true rate {win.low:.0f} to {win.high:.0f} %."
    if win.high - 50 <= _EVEN and 50 - win.low <= _EVEN:
        return f"{model} and {other} are about as good: {said} for {model}, true rate {win.low:.1f} to {win.high:.1f} %."
    if round(win.rate) == 50:
        return f"{model} and {other} cannot be told apart: {said} for {model}, true rate anywhere from {win.low:.0f} to {win.high:.0f} %."
    half = (win.high - win.low) / 2
    needed = votes_for(win.rate - 50, half, win.n)
    more = f" To tell a gap of this size takes about {needed:,} votes." if needed and needed > win.n else ""
    begin = f"Too early to tell: {said} for {model}, ±{half:.0f} points, so the true rate is anywhere from"
    return f"{begin} {win.low:.0f} to {win.high:.0f} %.{more}"


def about_raters(counted: str, kinds: dict[str, int]) -> list[str]:
    """Whose votes are not in the tables."""
    left_out = {kind: count for kind, count in kinds.items() if counted not in (kind, "all") and count}
    if left_out:
        told = " and ".join(
            f"{_count(count, 'pair')} by {_PEOPLE[RaterKind(kind)][1]}" for kind, count in left_out.items()
        )
        return [f"Only votes by {_PEOPLE[RaterKind(counted)][1]} are counted here; {told} are not."]
    if counted == "all" and sum(1 for count in kinds.values() if count) > 1:
        return ["Votes of people and machines are counted together here."]
    return []


def about_models(models: Sequence[ModelRating], islands: int, is_held: bool) -> list[str]:
    found = []
    if islands > 1:
        found.append(
            f"The models fall into {islands} groups that no vote connects, so their ratings have no common scale. "
            "Compare a model of each group to rank them together."
        )
    if is_held:
        found.append(
            "A model won or lost every vote, so Bradley-Terry has no finite answer; one tie was added for each two models, "
            "and these ratings are a lower bound of the distance."
        )
    for one in models:
        if one.win and one.win.se is None and one.win.prompts > 1:
            found.append(
                f"The votes on {one.title} and {_title(models, one.baseline)} all say the same, so they do not tell how sure "
                "they are: there is no standard error, and the interval of the win rate is by their number alone."
            )
        if one.lc_win_rate is not None and one.win and abs(one.lc_win_rate - one.win.rate) > 10:
            found.append(
                f"Length matters: {one.title} wins {one.win.rate:.0f} %, and about {one.lc_win_rate:.0f} % if its answers were "
                f"as long as those of {_title(models, one.baseline)}."
            )
    return found


def about_votes(left: Rate | None, raters: Sequence[RaterFacts], from_thumbs: int) -> list[str]:
    found = []
    if left is not None and abs(left.rate - 50) > _BIAS and not left.low <= 50 <= left.high:
        side = "left" if left.rate > 50 else "right"
        found.append(
            f"The {side} answer won {max(left.rate, 100 - left.rate):.0f} % of {_count(left.n, 'vote')}, whatever stood there. "
            "Sides that change by chance make noise of this, and no winner."
        )
    fast = sum(one.too_fast for one in raters)
    if fast:
        found.append(
            f"{_count(fast, 'vote was', 'votes were')} given faster than anybody reads ({len([r for r in raters if r.too_fast])} "
            f"of {_count(len(raters), 'rater')}). They count here, and training leaves them out."
        )
    if from_thumbs:
        found.append(
            f"{_count(from_thumbs, 'pair follows', 'pairs follow')} from thumbs: a good answer beats a bad one to the same prompt, two alike "
            "are a tie."
        )
    return found


def _percent(rate: Rate) -> str:
    return f"{rate.rate:.0f} %"


def _title(models: Sequence[ModelRating], name: str) -> str:
    return next((one.title for one in models if one.name == name), name)


def _count(number: int, word: str, words: str = "") -> str:
    return f"{number:,} {word if number == 1 else words or word + 's'}"
