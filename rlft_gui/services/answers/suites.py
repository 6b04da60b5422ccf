"""Prompt suites: what comes with the product, uploads that are marked as held out, and prompts written in the app.

A suite that a person brings is a dataset like any other, with the mark that keeps it out of training; there is no second
store. Its rows name it, so it never changes; what is written anew under the same name is that name's next version.
"""

from rlft_gui.data.inspection import Detection
from rlft_gui.data.kept import KeptRows, encoded
from rlft_gui.data.shapes.faults import RowFault, shortened
from rlft_gui.domain.dataset import DatasetInfo, DataType
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.home import Home
from rlft_gui.domain.suite import SuiteInfo, SuitePrompt
from rlft_gui.lantern.suite import NAME as LANTERN_SUITE
from rlft_gui.lantern.suite import suite as lantern_suite
from rlft_gui.services.datasets.curating import Curating
from rlft_gui.services.datasets.service import NAME_LENGTH, Datasets
from rlft_gui.services.rights import Rights
from rlft_gui.training.suites import suite_prompts

MOST_WRITTEN = 1_000  #: prompts typed at once
LONGEST_PROMPT = 20_000  #: characters, as in Compare
WRITTEN = "written here"  #: the format of a dataset that was typed


class Suites:
    def __init__(self, home: Home, datasets: Datasets, curating: Curating, rights: Rights) -> None:
        self._home = home
        self._datasets = datasets
        self._curating = curating
        self._rights = rights

    def list(self) -> tuple[SuiteInfo, ...]:
        """Lantern's first, then what comes with the product, then what people brought, newest first."""
        return (_lantern(), *(_info(info) for info in self._datasets.list() if _is_suite(info)))

    def find(self, name: str) -> SuiteInfo:
        """A suite by its name or id, or by what its dataset is called.

        Raises:
            NotFound: there is none.
            InvalidInput: it is a dataset that may be trained on, or asks nothing.
        """
        if name == LANTERN_SUITE:
            return _lantern()
        info = self._datasets.get(self._datasets.named(name))
        if info.type is DataType.TEXT:
            raise InvalidInput(
                f"{info.called} holds documents, which ask nothing. Choose a suite of prompts."
            )
        if not info.held_out:
            raise InvalidInput(
                f"{info.called} may be trained on, so answers to it would tell little. Mark it as held out first: "
                f"rlft data mark {info.id} --held-out."
            )
        return _info(info)

    def get(self, name: str) -> tuple[SuitePrompt, ...]:
        """Its prompts, each once.

        Raises: as `find`; InvalidInput also if its file was changed.
        """
        return suite_prompts(self._home, self.find(name).name)

    def write(self, title: str, text: str, *, user: str) -> SuiteInfo:
        """Keep prompts that a person typed, one a line; empty lines and repeats are passed over.

        Raises:
            InvalidInput: there is no title or no prompt, too many, or one that is too long.
            NotPossibleNow: the very same prompts were stored before and runs were trained on them, or there is no room.
        """
        self._rights.check_change(user)
        name = shortened(title, NAME_LENGTH)
        if not name:
            raise InvalidInput("A suite needs a name.")
        prompts = list(dict.fromkeys(_lines(text)))
        _check(prompts)
        rows = KeptRows({"prompt": [{"role": "user", "content": prompt}]} for prompt in prompts)
        found = Detection(name=name, type=DataType.PROMPTS, format=WRITTEN, rows_read=len(prompts), rows=rows)
        stored = self._datasets.keep(found, user=user)
        return _info(self._curating.mark(stored.id, held_out=True, user=user))


def repeats_in(text: str) -> int:
    """How many of the prompts that a person typed stand there before."""
    lines = _lines(text)
    return len(lines) - len(set(lines))


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _check(prompts: "list[str]") -> None:
    if not prompts:
        raise InvalidInput("There is no prompt yet. Write one a line.")
    if len(prompts) > MOST_WRITTEN:
        raise InvalidInput(
            f"{len(prompts):,} prompts were written, and {MOST_WRITTEN:,} is the most. Add more as a file, on the page Data."
        )
    for number, prompt in enumerate(prompts, start=1):
        if len(prompt) > LONGEST_PROMPT:
            raise InvalidInput(
                f"Prompt {number} has {len(prompt):,} characters; {LONGEST_PROMPT:,} are the most. Shorten it."
            )
        try:
            encoded({"prompt": prompt})
        except RowFault as fault:
            raise InvalidInput(f"Prompt {number} cannot be kept: {fault}. Type it anew.") from None


def _is_suite(info: DatasetInfo) -> bool:
    return info.held_out and info.type is not DataType.TEXT


def _lantern() -> SuiteInfo:
    return SuiteInfo(
        name=LANTERN_SUITE, title="Lantern's suite", prompts=len(lantern_suite()), origin="built in"
    )


def _info(info: DatasetInfo) -> SuiteInfo:
    origin = info.format if info.format in ("built in", WRITTEN) else "uploaded"
    return SuiteInfo(name=info.id, title=info.called, prompts=info.rows, origin=origin)
