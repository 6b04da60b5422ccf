# run · test · check · soak · bench · real: each does everything from a bare machine with Python 3.11 or newer.
PYTHON ?= python3
BIN := .venv/bin
# npm comes with the dev extra as a wheel, and looks for node on the path.
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" npm --no-fund --no-audit --no-update-notifier
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: run test check soak bench real types vendor format clean

run: .venv/.ready
	$(BIN)/python app.py --open

test: .venv/.ready-dev node_modules/.ready
	$(BIN)/python -m tests.chromium
	$(NPM) run --silent test
	HF_HUB_OFFLINE=1 OMP_NUM_THREADS=1 $(BIN)/python -m pytest -q -n 2 -m "not slow"
	HF_HUB_OFFLINE=1 OMP_NUM_THREADS=1 $(BIN)/python -m pytest -q -n 2 --dist loadfile -m slow

check: .venv/.ready-dev node_modules/.ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(NPM) run --silent check
	$(BIN)/python -m pytest -q tests/test_architecture.py tests/test_documents.py tests/ui/test_types.py

# The types of what Python tells the browser, from the models in payloads.py.
types: .venv/.ready-dev node_modules/.ready
	$(BIN)/python -m tests.browser_types

# What the screens use of npm packages, copied from them into assets/vendor.
vendor: node_modules/.ready
	$(NPM) run --silent vendor

format: .venv/.ready-dev node_modules/.ready
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format .
	$(NPM) run --silent format

bench: .venv/.ready-dev
	$(BIN)/python -m tests.chromium
	HF_HUB_OFFLINE=1 $(BIN)/python -m benchmarks $(NAMES)

# What is promised of reliability and security, at length and one after another: an hour. It writes docs/reliability.md.
soak: .venv/.ready-dev
	$(BIN)/python -m tests.chromium
	HF_HUB_OFFLINE=1 OMP_NUM_THREADS=1 $(BIN)/python -m tests.soak

# Every method on a small real model, 98 MB to fetch. `make real FOLDER=out/real SEEDS="0 1"` keeps what it made.
real: .venv/.ready-dev
	HF_HUB_OFFLINE=1 $(BIN)/python -m benchmarks.real $(SEEDS) $(if $(FOLDER),--folder $(FOLDER))

# `make bench ppo training` runs those alone.
ifeq (bench,$(firstword $(MAKECMDGOALS)))
NAMES := $(wordlist 2,$(words $(MAKECMDGOALS)),$(MAKECMDGOALS))
.PHONY: $(NAMES)
$(NAMES):
	@:
endif

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "rlft_gui needs Python 3.11 or newer, found " + sys.version.split()[0] + ". Set PYTHON=python3.12, say.")'
	$(PYTHON) -m venv .venv

.venv/.ready: .venv/bin/python pyproject.toml constraints.txt
	@echo "Installing into .venv. The first time takes a few minutes."
	$(PIP) -e ".[gguf]"
	touch $@

.venv/.ready-dev: .venv/bin/python pyproject.toml constraints.txt
	@echo "Installing into .venv. The first time takes a few minutes."
	$(PIP) -e ".[dev]"
	touch $@ .venv/.ready

node_modules/.ready: .venv/.ready-dev package.json package-lock.json
	$(NPM) ci --silent
	touch $@

clean:
	rm -rf .venv node_modules
