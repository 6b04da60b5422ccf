"""Hosting without a container engine: the files are read as their programs read them, and the Dockerfile's steps are
followed in a folder. What only an engine can show (its isolation, the base image) is not shown here."""

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
#: What `serve` is not told here: a demo's own test serves one, and other hosts than this machine's need it.
LEFT_OUT = {"--demo"}


def steps(file: Path) -> list[tuple[str, str]]:
    joined = re.sub(r"\\\n", "", file.read_text())
    lines = [line for line in joined.splitlines() if line and not line.startswith("#")]
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines)]


def command(file: Path) -> list[str]:
    [told] = [rest for word, rest in steps(file) if word == "CMD"]
    return list(yaml.safe_load(told))


def compose() -> Any:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())


@pytest.mark.parametrize("file", [DEPLOY / "Dockerfile", DEPLOY / "space/Dockerfile"], ids=["image", "space"])
def test_the_image_runs_without_root_and_copies_what_is_there(file: Path) -> None:
    words = [word for word, _ in steps(file)]
    assert ("USER", "rlft") in steps(file)
    assert words.index("USER") > max(n for n, word in enumerate(words) if word in ("RUN", "COPY"))
    assert {"VOLUME", "HEALTHCHECK"} <= set(words)
    for word, rest in steps(file):
        for source in rest.split()[:-1] if word == "COPY" else ():
            assert (ROOT / source).exists(), source


def test_a_space_is_called_by_its_host_and_framed_by_huggingface() -> None:
    front = yaml.safe_load((DEPLOY / "space/README.md").read_text().split("---")[1])
    assert (front["sdk"], front["app_port"]) == ("docker", 7860)
    told = command(DEPLOY / "space/Dockerfile")[-1]
    for option in ("--demo", "0.0.0.0", '--allow-host "$SPACE_HOST"', "--frame-host huggingface.co"):
        assert option in told


def test_compose_gives_the_app_little_and_names_its_proxy() -> None:
    app, caddy = compose()["services"]["app"], compose()["services"]["caddy"]
    assert (app["read_only"], app["cap_drop"], app["security_opt"]) == (
        True,
        ["ALL"],
        ["no-new-privileges:true"],
    )
    assert "ports" not in app, "only the proxy is reached from outside"
    trusted = app["command"][app["command"].index("--trust-proxy") + 1]
    assert trusted == caddy["networks"]["inside"]["ipv4_address"]
    assert app["tmpfs"][0].startswith("/tmp")


def test_caddy_passes_to_the_app_and_hides_what_watches_it() -> None:
    text = (DEPLOY / "Caddyfile").read_text()
    assert text.count("{") == text.count("}")
    assert "reverse_proxy app:7860" in text
    assert "/metrics" in text


def _copy(words: list[str], root: Path) -> None:
    *sources, into = words
    target = root / into.strip("/")
    for source in (ROOT / name for name in sources):
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)


@pytest.mark.slow
def test_the_steps_of_the_dockerfile_make_an_app_that_a_user_without_root_can_serve(tmp_path: Path) -> None:
    """The libraries are those of this environment: to fetch them again would test the network."""
    source, home = tmp_path / "src", tmp_path / "data"
    for word, rest in steps(DEPLOY / "Dockerfile"):
        if word == "COPY":
            _copy(rest.split(), tmp_path)
    subprocess.run(["chmod", "-R", "a-w,a+rX", str(source)], check=True)
    home.mkdir(mode=0o777)
    served = [part for part in command(DEPLOY / "Dockerfile")[1:] if part not in LEFT_OUT]
    assert served[:1] == ["serve"]
    program = [sys.executable, "-m", "rlft_gui", "serve", "--port", "0", "--home", str(home)]
    environment = {**os.environ, "PYTHONPATH": str(source), "PYTHONDONTWRITEBYTECODE": "1"}
    app = subprocess.Popen(program, stdout=subprocess.PIPE, text=True, cwd=home, env=environment)
    try:
        assert app.stdout
        address = app.stdout.readline().split()[3]
        until = time.monotonic() + 60
        while time.monotonic() < until:
            if httpx.get(f"{address}readyz").status_code == 200:
                break
        assert httpx.get(f"{address}healthz").json() == {"status": "ok"}
        assert httpx.get(address).status_code == 200
    finally:
        app.terminate()
        app.communicate(timeout=60)
