"""What screens, the command line and the API may ask for. `open_services` is the one composition root.

Every method that changes something takes `user`, who asks (ui.identity.current_user), and checks rights itself.
"""

from dataclasses import dataclass
from pathlib import Path

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.home import Home
from rlft_gui.services.accounts.service import Accounts
from rlft_gui.services.accounts.signing_in import SigningIn
from rlft_gui.services.answers.batching import Batching
from rlft_gui.services.answers.service import Answers
from rlft_gui.services.answers.suites import Suites
from rlft_gui.services.comparisons.service import Comparing
from rlft_gui.services.datasets.curating import Curating
from rlft_gui.services.datasets.fitting import Fitting
from rlft_gui.services.datasets.service import Datasets
from rlft_gui.services.devices import Looking
from rlft_gui.services.feedback.importing import Importing
from rlft_gui.services.feedback.judges_at_work import JudgesAtWork
from rlft_gui.services.feedback.judging import JudgingVotes
from rlft_gui.services.feedback.rating import Rating
from rlft_gui.services.feedback.simulating import Simulating
from rlft_gui.services.feedback.views import VoteViews
from rlft_gui.services.feedback.views_training import TrainingOnVotes
from rlft_gui.services.feedback.votes import Votes
from rlft_gui.services.feedback.voting import Voting
from rlft_gui.services.models.adding import Adding
from rlft_gui.services.models.auditing import Auditing
from rlft_gui.services.models.service import Models
from rlft_gui.services.models.small import SmallModel
from rlft_gui.services.notice import Notice
from rlft_gui.services.pipelines.estimating import Estimating
from rlft_gui.services.pipelines.launching import Launching
from rlft_gui.services.rights import Rights
from rlft_gui.services.runs.mending import Mending
from rlft_gui.services.runs.reviewing import Reviewing
from rlft_gui.services.runs.service import Runs
from rlft_gui.services.scoring.service import Scoring
from rlft_gui.storage import Storage, open_storage


@dataclass(frozen=True)
class Services:
    """Everything above storage, wired once per process."""

    home: Home
    storage: Storage
    launching: Launching
    estimating: Estimating
    runs: Runs
    mending: Mending
    reviewing: Reviewing
    datasets: Datasets
    curating: Curating
    fitting: Fitting
    models: Models
    comparing: Comparing
    auditing: Auditing
    adding: Adding
    small_model: SmallModel
    devices: Looking
    votes: Votes
    importing: Importing
    rating: Rating
    voting: Voting
    vote_views: VoteViews
    training_on_votes: TrainingOnVotes
    simulating: Simulating
    judging_votes: JudgingVotes
    judges_at_work: JudgesAtWork
    scoring: Scoring
    suites: Suites
    batching: Batching
    answers: Answers
    accounts: Accounts
    signing_in: SigningIn
    rights: Rights
    notice: Notice | None = None


def open_services(path: Path) -> Services:
    """Open (and on first use create) the home folder and its database.

    Raises:
        InvalidInput: the path names a user whom this machine does not know.
    """
    try:
        home = Home(path.expanduser().resolve())
    except RuntimeError:
        raise InvalidInput(
            f"{path} names no folder, for there is no such user here. Choose another --home."
        ) from None
    return services_over(home, open_storage(home))


def services_over(home: Home, storage: Storage) -> Services:
    """Services of a home whose database is open."""
    datasets, models = Datasets(home, storage), Models(home)
    runs, adding = Runs(home, storage), Adding(home, storage, models)
    scoring = Scoring(home, runs, models)
    launching, votes = Launching(home, storage, datasets, models), Votes(storage)
    curating, views = Curating(home, storage, datasets), VoteViews(storage, votes, datasets)
    suites, judging = Suites(home, datasets, curating), JudgingVotes(home, storage, votes, runs, models)
    return Services(
        home=home,
        storage=storage,
        launching=launching,
        estimating=Estimating(home, storage, datasets, models, launching),
        runs=runs,
        mending=Mending(home, storage, runs),
        reviewing=Reviewing(home, storage, runs),
        datasets=datasets,
        curating=curating,
        fitting=Fitting(home, datasets),
        models=models,
        comparing=Comparing(home, storage, runs, models, scoring),
        auditing=Auditing(home, models),
        adding=adding,
        small_model=SmallModel(adding, models),
        devices=Looking(home, storage),
        votes=votes,
        importing=Importing(storage, votes),
        rating=Rating(storage, votes),
        voting=Voting(storage, votes),
        vote_views=views,
        training_on_votes=TrainingOnVotes(storage, votes, views, curating),
        simulating=Simulating(storage, votes),
        judging_votes=judging,
        judges_at_work=JudgesAtWork(judging),
        scoring=scoring,
        suites=suites,
        batching=Batching(home, storage, runs, models, suites),
        answers=Answers(storage, runs),
        accounts=Accounts(storage),
        signing_in=SigningIn(home, storage),
        rights=Rights(storage),
    )


__all__ = ["Services", "open_services", "services_over"]
