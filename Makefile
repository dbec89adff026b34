# Plumbline needs Python 3.11+ and make; everything else is set up here.
PYTHON ?= $(shell for p in python3.14 python3.13 python3.12 python3.11 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev
JOBS ?= $(shell n=$$(nproc 2>/dev/null || echo 2); [ $$n -gt 4 ] && echo 4 || echo $$n)

.DEFAULT_GOAL := help
.PHONY: help run demo test quick coverage bench lint types docs messages check lock clean

help: ## Show what can be done
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-7s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(RUNTIME) ## Set up and serve the site
	@exec $(BIN)/python serve.py

demo: $(RUNTIME) ## Fill a demo workspace without asking, and serve
	@exec $(BIN)/python serve.py --demo

test: $(DEV) ## Run the whole test suite
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup

quick: $(DEV) ## Run the tests that take no more than a few seconds each
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup -m "not slow and not browser"

coverage: $(DEV) ## Run the tests and report what they do not reach
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup --cov --cov-report=term:skip-covered

bench: $(DEV) ## Measure speed, as ratios in one run
	$(BIN)/python -m benchmarks.run

lint: $(DEV) ## Check style and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(DEV) ## Check types, strictly
	$(BIN)/mypy

docs: $(DEV) ## Write the generated reference pages
	$(BIN)/python -m docs.generate

messages: $(DEV) ## Bring the other languages in step with the code, and count what is missing
	$(BIN)/python -m languages.update

check: lint types test ## All that CI runs

lock: $(DEV) ## Compile the pinned locks from pyproject.toml
	$(BIN)/pip-compile -q --strip-extras --no-annotate --no-header --no-emit-index-url --no-emit-trusted-host --no-emit-find-links -o requirements.txt pyproject.toml
	$(BIN)/pip-compile -q --extra dev --strip-extras --no-annotate --no-header --no-emit-index-url --no-emit-trusted-host --no-emit-find-links -c requirements.txt -o requirements-dev.txt pyproject.toml

clean: ## Remove the environment and caches, never data
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(RUNTIME): requirements.txt
	@test -n "$(PYTHON)" || { echo "Plumbline needs Python 3.11 or newer with venv. Install it and run make again."; exit 1; }
	@test -x $(BIN)/python || { echo "Making an environment in $(VENV) ..."; $(PYTHON) -m venv $(VENV); }
	@echo "Installing packages ..."
	@$(PIP) -r requirements.txt
	@touch $@

$(DEV): requirements-dev.txt $(RUNTIME)
	@echo "Installing packages for development ..."
	@$(PIP) -r requirements-dev.txt
	@touch $@
