# run · test · check · bench: each does everything from a bare machine with Python 3.11 or newer.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: run test check bench clean

run: .venv/.ready
	$(BIN)/python app.py --open

test: .venv/.ready-dev
	$(BIN)/python -m tests.chromium
	HF_HUB_OFFLINE=1 OMP_NUM_THREADS=1 $(BIN)/python -m pytest -q -n 2 -m "not slow"
	HF_HUB_OFFLINE=1 OMP_NUM_THREADS=1 $(BIN)/python -m pytest -q -n 2 --dist loadfile -m slow

check: .venv/.ready-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/test_architecture.py

bench: .venv/.ready-dev
	$(BIN)/python -m tests.chromium
	HF_HUB_OFFLINE=1 $(BIN)/python -m benchmarks

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "rlft_gui needs Python 3.11 or newer, found " + sys.version.split()[0] + ". Set PYTHON=python3.12, say.")'
	$(PYTHON) -m venv .venv

.venv/.ready: .venv/bin/python pyproject.toml constraints.txt
	@echo "Installing into .venv. The first time takes a few minutes."
	$(PIP) -e .
	touch $@

.venv/.ready-dev: .venv/bin/python pyproject.toml constraints.txt
	@echo "Installing into .venv. The first time takes a few minutes."
	$(PIP) -e ".[dev]"
	touch $@ .venv/.ready

clean:
	rm -rf .venv
