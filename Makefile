# Two commands matter: `make demo` and `make test`. Both set up what they need.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
SETUP := $(or $(PYTHON),python3) -m infra.setup
STAGE ?= prod

.DEFAULT_GOAL := help
.PHONY: help setup demo up test lint bench deploy bootstrap lock clean

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Set up the environment in .venv (every other target does so by itself)
	@$(SETUP)

demo: ## Play the story on this machine, then keep serving (EXIT=1 ends after the story)
	@$(SETUP)
	@$(BIN)/deadair demo $(if $(EXIT),--exit) $(ARGS)

up: ## Run Deadair on this machine (ARGS="--web-port 8090" moves a port)
	@$(SETUP)
	@$(BIN)/deadair up $(ARGS)

# All of them in two processes, each with a stack of its own: a file's tests stay together, because they share rows.
test: ## Run every test, with a real browser (ARGS="tests/unit -x" narrows it)
	@$(SETUP) browser
	@$(BIN)/python -m pytest $(or $(ARGS),-n 2 --dist loadfile)

lint: ## Check style, types and the direction of imports
	@$(SETUP)
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: ## Measure latency, throughput, imports and memory, as ratios within one run
	@$(SETUP)
	@$(BIN)/python -m tests.bench $(ARGS)

deploy: ## Deploy to the AWS account of your credentials (STAGE=prod FALLBACK_OWNER='{…}' SLACK_CHANNEL=C…)
	@$(SETUP) cdk
	@$(BIN)/python -m infra.deploy $(STAGE) $(ARGS)

bootstrap: ## Prepare an AWS account and region for deployments, once
	@$(SETUP) cdk
	@$(BIN)/python -m infra.deploy bootstrap $(ARGS)

lock: ## Update uv.lock, without the names of registries (ARGS="--upgrade-package jinja2")
	@$(SETUP)
	@$(BIN)/python -m infra.lock $(ARGS)

clean: ## Remove what can be made again (ALL=1 removes the local incidents too)
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis cdk.out $(if $(ALL),.deadair,.deadair/cache .deadair/synth .deadair/cdk.out)
	find functions infra tests -name __pycache__ -type d -prune -exec rm -rf {} +
