# Everything a person or CI does with this project, in one list. `make` alone shows it.

PYTHON ?= python3
VENV ?= .venv
# How pytest spreads the tests, and any further option: make test ARGS="-k spreadsheet". Twice as many as two
# processors: tests of servers and commands wait a good part of their time.
WORKERS ?= 4
ARGS ?=

BIN := $(VENV)/bin
# Stamps: what is installed is installed again only when pyproject.toml says something else.
RUNTIME := $(VENV)/.runtime-installed
DEVELOPMENT := $(VENV)/.development-installed
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help install develop demo test torture lint format docs wheel bench test-servers clean

help: ## what can be made
	@echo "leadrelay: make TARGET"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(RUNTIME) ## the program with all it needs, in .venv

develop: $(DEVELOPMENT) ## the same, and the tools for tests and lint

demo: install ## the main job on real files, against a Hatch on this machine
	@$(BIN)/python -m demo.run $(ARGS)

test: develop ## every test
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest --numprocesses=$(WORKERS) --dist=worksteal $(ARGS)

torture: develop ## every fault there is, many times, and what it cost (half an hour; less: ARGS="--only network")
	@$(BIN)/python -m tests.torture.run $(ARGS)

lint: develop ## style, types and the direction of imports
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

format: develop ## put the code in its one format, and mend what ruff can mend
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

docs: develop ## docs/cli.md, docs/transforms.md, the matrix in docs/sources.md; and sources/starters from that page
	@$(BIN)/python -m tests.docs.cli_page
	@$(BIN)/python -m tests.docs.transforms_page
	@$(BIN)/python -m tests.docs.source_matrix
	@$(BIN)/python -m tests.docs.starter_files

wheel: develop ## dist/leadrelay-*.whl
	@$(BIN)/python -m hatchling build --target wheel

bench: develop ## the measurements that docs/benchmarks.md quotes (about ten minutes; quicker: ARGS=--quick)
	@$(BIN)/python -m benchmarks.run $(ARGS)

test-servers: ## MariaDB, OpenSSH and Chromium for the tests, from the system's packages
	@.ci/test-servers

clean: ## away with all that make has made, the environment too
	rm -rf $(VENV) .venvs .cache .bench .demo dist build
	rm -rf .pytest_cache .hypothesis .mypy_cache .ruff_cache .import_linter_cache .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "leadrelay needs Python 3.11 or newer; '$(PYTHON)' is: $$($(PYTHON) --version 2>&1)." >&2; \
	  echo "Name another one: make PYTHON=python3.11 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { \
	  echo "No virtual environment could be made. On Debian and Ubuntu: apt-get install python3-venv" >&2; \
	  rm -rf $(VENV); exit 1; }

# Dependency groups need pip 25.1, which is newer than the pip that comes with Python 3.11.
$(RUNTIME): pyproject.toml | $(BIN)/python
	@echo "setting up $(VENV) ..."
	@$(PIP) install --upgrade "pip>=25.1"
	@$(PIP) install --editable .
	@touch $@

$(DEVELOPMENT): $(RUNTIME)
	@echo "setting up the tools for tests and lint ..."
	@$(PIP) install --group test --group lint
	@touch $@
