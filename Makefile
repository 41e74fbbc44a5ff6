# Parity. `make` lists the targets; each can be run again at any time.
SHELL := /bin/sh
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin

# Reference data for the tests that read it; they say so and step aside where the folder is absent.
export PARITY_SHARED ?= $(abspath ../shared)

# Images of Python forbid it to keep compiled modules: each command would compile the whole application anew, and each
# test process all tests.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help install setup demo links test check bench pictures format migration lock translations

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' Makefile

install: ## prepare .venv with what running needs, and nothing else
	@PYTHON=$(PYTHON) sh tools/prepare.sh run

setup: ## prepare .venv with everything that development needs
	@PYTHON=$(PYTHON) sh tools/prepare.sh dev

demo: ## the sample company, web, worker and a mailbox, until Ctrl-C (PORT=8000)
	@PYTHON=$(PYTHON) sh tools/prepare.sh run
	@PORT=$(PORT) $(BIN)/python -m tools.run_demo

links: ## new sign-in links for the demo that runs (PORT=8000)
	@PORT=$(PORT) $(BIN)/python -m tools.run_demo links

test: ## every test: unit, SQLite and PostgreSQL, SMTP, queue, browser
	@PYTHON=$(PYTHON) sh tools/prepare.sh dev browser
	$(BIN)/pytest -n 2 --dist worksteal $(ARGS)

check: ## format, lint, types and import contracts
	@PYTHON=$(PYTHON) sh tools/prepare.sh dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: ## the table of benchmarks
	@PYTHON=$(PYTHON) sh tools/prepare.sh dev
	$(BIN)/python -m benchmarks

pictures: ## draw docs/pictures anew from the sample company
	@PYTHON=$(PYTHON) sh tools/prepare.sh dev browser
	$(BIN)/python -m tools.pictures

format: ## let ruff write the code the way `check` wants it
	@PYTHON=$(PYTHON) sh tools/prepare.sh dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

migration: ## a new numbered migration: make migration NAME=add_ces_scale
	@PYTHON=$(PYTHON) sh tools/prepare.sh dev
	$(BIN)/python -m tools.new_migration $(NAME)

lock: ## write requirements/*.txt anew from pyproject.toml
	@PYTHON=$(PYTHON) sh tools/prepare.sh dev
	$(BIN)/uv pip compile $(LOCK) --extra postgres --extra redis --extra demo --extra oidc --extra passkeys -o requirements/run.txt pyproject.toml
	$(BIN)/uv pip compile $(LOCK) --all-extras -o requirements/dev.txt pyproject.toml

LOCK := --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --python-version 3.11

translations: ## what the catalogues lack or no longer need
	@PYTHON=$(PYTHON) sh tools/prepare.sh dev
	$(BIN)/python -m tools.translations
