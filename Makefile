# civicgrid: every target sets up what it needs.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STORE := .local/secantus/.installed
PAGES := .local/pages/.installed
DISTRIBUTIONS := $(sort $(dir $(wildcard shared/*/pyproject.toml services/*/pyproject.toml)))
CODE := shared services tests
# Test processes side by side; 0 runs them all in one.
PYTEST_WORKERS ?= 2
PYTEST_ARGS ?=
# What hangs is ended with a failure, so that the rest of a CI run still says what it found.
WITHIN = timeout --kill-after=30
PYTEST = $(BIN)/pytest -n $(PYTEST_WORKERS) --dist loadfile $(PYTEST_ARGS)
PIP_INSTALL := $(BIN)/pip install -qq --disable-pip-version-check

.PHONY: help setup infra browser lock lint format test test-long soak guards flow bench demo month chaos real test-fresh

help:  ## Show the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

setup: $(VENV)/.installed $(STORE) $(PAGES)  ## Virtual environment in .venv (pinned, hash-checked), the embedded store, the pages' files

$(VENV)/.python:
	@$(PYTHON) -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "$(PYTHON) is not a Python 3.11 or newer with venv: apt-get install python3-venv, or set PYTHON=" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.locked: requirements.lock | $(VENV)/.python
	@echo "Installing $$(grep -c == $<) pinned packages into $(VENV) ..."
	@$(PIP_INSTALL) --require-hashes -r $<
	@touch $@

$(VENV)/.installed: $(VENV)/.locked $(addsuffix pyproject.toml,$(DISTRIBUTIONS))
	@echo "Installing our $(words $(DISTRIBUTIONS)) distributions, editable ..."
	@$(PIP_INSTALL) --no-deps --no-build-isolation $(addprefix -e ./,$(DISTRIBUTIONS:/=))
	@touch $@

$(STORE): requirements-secantus.txt | $(VENV)/.installed
	@$(BIN)/python -m civicgrid.local store

$(PAGES): $(addprefix services/console/,package.json package-lock.json vendor.mjs) | $(VENV)/.installed
	@$(BIN)/python -m civicgrid.local pages
	@mkdir -p $(@D) && touch $@

browser: infra  # the tests of the pages drive a Chromium
	@$(BIN)/python -m civicgrid.local browser

infra: setup  # whatever the broker and the store lack on this machine is installed here
	@$(BIN)/python -m civicgrid.local ensure

lock: setup  ## Write requirements.lock anew from requirements.in (newest versions, all hashes, no addresses)
	PIP_CONFIG_FILE=/dev/null PIP_FIND_LINKS= $(BIN)/pip-compile --quiet --upgrade --generate-hashes \
	  --allow-unsafe --strip-extras --no-header --no-annotate --no-emit-index-url \
	  --no-emit-trusted-host --no-emit-find-links --output-file requirements.lock requirements.in

lint: setup  ## ruff, mypy strict, import-linter
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/mypy $(CODE)
	$(BIN)/lint-imports --no-cache

format: setup  ## Format and sort imports
	$(BIN)/ruff check --fix $(CODE)
	$(BIN)/ruff format $(CODE)

QUICK = -m "not long and not alone and not replay and not bench"
LONG = --timeout 900 -m "long and not alone"
ALONE = --timeout 300 -m alone
NO_PAGES = --ignore tests/browser
# CI is cut off after 90 minutes. $(call begun,MINUTES): so long after its beginning (CI_BEGAN, seconds
# since 1970, by .ci/run) no test of a stage is begun any more; without CI_BEGAN all of them are.
begun = $(if $(CI_BEGAN),--begin-until $$(( $(CI_BEGAN) + $(1) * 60 )))
# $(call once_more,OPTIONS,WITHIN): after a pytest run in which tests failed.
once_more = { code=$$?; [ $$code -eq 1 ] || exit $$code; \
	  echo "SOME FAILED. Two processes share two cores here: those once more, alone."; \
	  $(WITHIN) $(2) $(BIN)/pytest --last-failed --last-failed-no-failures none $(1); }

test: infra  ## All tests but the long ones, with a real broker and store (under 15 minutes)
	@$(WITHIN) 30m $(PYTEST) $(QUICK) || $(call once_more,$(QUICK),10m)

test-long: browser  ## The long tests (under an hour)
	@# Files with one long test are not left to the end, where one worker would wait for the other.
	@$(WITHIN) 50m $(PYTEST) --no-loadscope-reorder --durations 20 $(call begun,50) $(LONG) || $(call once_more,$(LONG),10m)
	@$(WITHIN) 20m $(PYTEST) -m replay --durations 10 $(call begun,60) || $(call once_more,-m replay,10m)
	@# The pages' system runs until pytest ends: theirs comes in a process of its own, beside no other.
	@$(WITHIN) 20m $(BIN)/pytest $(ALONE) $(NO_PAGES) --durations 10 $(call begun,64) $(PYTEST_ARGS) || $(call once_more,$(ALONE) $(NO_PAGES),8m)
	@$(WITHIN) 5m $(BIN)/pytest $(ALONE) tests/browser --durations 10 $(call begun,64) $(PYTEST_ARGS) || $(call once_more,$(ALONE) tests/browser,5m)

soak: setup  ## Walk dispatch's state machine at random with fresh seeds (SOAK_MINUTES=10, SOAK_SEED=n for one round again)
	@SOAK_MINUTES=$(or $(SOAK_MINUTES),10) SOAK_SEED=$(SOAK_SEED) $(BIN)/python -m tests.soak

guards: infra  ## Remove each guard of the store in turn: the suite must notice
	$(WITHIN) 15m $(BIN)/python -m tests.faults.guards

flow: setup  ## Draw the flow of events into the README, and what the code says into the services' READMEs
	$(BIN)/python -m civicgrid.flow
	$(BIN)/python -m tests.support.readmes

bench: infra  ## Measure, against the floor
	$(BIN)/python -m tests.bench

demo: infra  ## Start everything, load the sample district, replay reports (DISTRICT=dir REPORTS=file)
	$(BIN)/civicgrid demo $(if $(DISTRICT),--district "$(DISTRICT)") $(if $(REPORTS),--reports "$(REPORTS)")

month: infra  ## A month of the sample in six minutes: all that can happen to a case, counted beside what was configured
	$(BIN)/civicgrid month --port-base 0

chaos: infra  ## The same replay twice, undisturbed and with departments, gateway and dispatch killed: what differs?
	$(BIN)/civicgrid chaos --port-base 0

real: infra  ## Boston's second quarter of 2015: live, then as recorded
	$(BIN)/civicgrid real

test-fresh:  ## Clone HEAD into a fresh Debian 12 (debootstrap, root) and run make test there
	scripts/test-fresh
