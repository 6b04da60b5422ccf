"""A home whose runs, datasets and models are another's, read where they lie.

Links are of whole folders (one run, one dataset), so a home can hold its own beside them. `shutil.rmtree` refuses a link, and
services let nobody change what is not his: what is linked is deleted by neither.
"""

from pathlib import Path

from rlft_gui.domain.home import Home

LINKED = ("runs", "datasets", "models")
SHARED = ("inference", "trials", "speeds")


def link_folders(home: Home, seed: Home) -> None:
    """Every run, dataset and model of the seed, linked into the home; what is there already stays."""
    for name in LINKED:
        (home.path / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        source = seed.path / name
        for folder in sorted(source.iterdir()) if source.is_dir() else ():
            link(home.path / name / folder.name, folder)


def link_shared(home: Home, owner: Home) -> None:
    """The inference process, and what is known of models and machine, are the owner's."""
    for name in SHARED:
        (owner.path / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        link(home.path / name, owner.path / name)


def link(place: Path, target: Path) -> None:
    if not place.is_symlink() and not place.exists():
        place.symlink_to(target, target_is_directory=True)
