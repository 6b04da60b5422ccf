"""The judges that can be asked about the pairs of a set, in the words of the page of ratings."""

from rlft_gui.domain.errors import RlftError
from rlft_gui.domain.recipe import LANTERN
from rlft_gui.services import Services
from rlft_gui.services.runs.labels import titled
from rlft_gui.ui.components.controls.payloads import JudgeField

_HELP = "What it has judged in this set before is not asked again."
_BIASED = ("biased", "The scripted judge, for lessons on bias", True)
_OPEN = (
    ("endpoint:", "A model behind a server", True),
    ("", "Another model: its folder or Hub name", True),
)


def judges_offered(services: Services, base: str) -> JudgeField:
    """Args: base: of all answers of the set; "" where they have none in common."""
    own = [("base", f"The base of these answers: {_title(services, base)}", False)] if base else []
    added = [(one.name, one.title, False) for one in services.adding.list() if not one.problem]
    scoring = [
        (f"reward_model:{run.id}", f"{titled(run)}, step {run.step}", False)
        for run in services.scoring.choices()
    ]
    scripted = [_BIASED] if base == LANTERN else []
    offers = (*own, *added, *scoring, *scripted, *_OPEN)
    return JudgeField(
        name="judge",
        title="Judge",
        help=_HELP,
        advanced=False,
        kind="judge",
        value=offers[0][0],
        offers=offers,
    )


def _title(services: Services, base: str) -> str:
    try:
        return services.models.describe(base).title
    except RlftError:
        return base
