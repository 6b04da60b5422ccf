"""Are the libraries those that this version asks for? Their metadata is read; none is imported."""

import platform
from importlib.metadata import PackageNotFoundError, requires, version

from packaging.requirements import Requirement

from rlft_gui.domain.home import Home
from rlft_gui.services.doctor.finding import Finding
from rlft_gui.storage.look import Look

_NAME = "versions"
_TOLD = ("torch", "transformers", "trl", "peft", "gradio")


def check(_home: Home, _seen: Look) -> tuple[Finding, ...]:
    found = tuple(finding for one in requires("rlft-gui") or () if (finding := _unfit(Requirement(one))))
    told = ", ".join(f"{name} {_installed(name) or 'missing'}" for name in _TOLD)
    return (*found, Finding(_NAME, "good", f"Python {platform.python_version()}, {told}."))


def _unfit(asked: Requirement) -> Finding | None:
    if asked.marker is not None and not asked.marker.evaluate({"extra": ""}):
        return None
    have = _installed(asked.name)
    if have is not None and asked.specifier.contains(have, prereleases=True):
        return None
    told = f"{asked.name} is {have or 'missing'}, and {asked.specifier or 'any version'} is needed. Install it anew: make install"
    return Finding(_NAME, "person", f"{told}.")


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
