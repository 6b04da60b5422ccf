"""Where the files that come with the product are: beside the package in a clone, inside it when installed."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def assets_dir() -> Path:
    """The folder of the embedded model and other shipped files."""
    return _shipped("assets")


def presets_dir() -> Path:
    """The folder of the shipped presets."""
    return _shipped("presets")


def _shipped(name: str) -> Path:
    """The wheel's copy where there is one, else the clone's folder at the top of the repository."""
    installed = _PACKAGE / f"_{name}"
    return installed if installed.is_dir() else _PACKAGE.parent / name
