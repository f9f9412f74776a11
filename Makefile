# make demo   start the service with sample partners and sample readers, and keep it running (ONCE=1: one round, then stop)
# make test   install what the tests need, and run all of them
# make storm  the long random tests, in full
# make lock   write the pins anew

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
        --no-emit-index-url --no-emit-find-links pyproject.toml
ONCE ?=

.PHONY: help demo test storm lock install debian check
help:
	@sed -n 's/^# //;/^make/p' Makefile | sed -n '1,4p'

demo: $(VENV)/.run
	@$(BIN)/syndication demo $(if $(ONCE),--once)

test: $(VENV)/.dev debian check
	$(BIN)/python -m pytest -n 2 --dist loadfile

# Style, types and arrows of import; seconds, so they come first.
check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

storm: $(VENV)/.dev debian
	STORM=full $(BIN)/python -m pytest -m storm --timeout 7200
	$(BIN)/python -m tests.storm.great --write docs/storm.md

lock: $(VENV)/.dev
	$(BIN)/$(LOCK) --extra checkout -o requirements.lock
	$(BIN)/$(LOCK) --extra checkout --extra dev -c requirements.lock -o requirements-dev.lock

install: $(VENV)/.run

debian:
	@sh tests/debian-packages.sh

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or later is needed, this is " + sys.version) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing the pinned packages into $(VENV) …"
	@$(PIP) install --use-pep517 --require-hashes -r requirements.lock
	@$(PIP) install --no-build-isolation --no-deps -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	@echo "Installing what the tests need into $(VENV) …"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@
