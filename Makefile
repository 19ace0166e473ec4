# Everything a person does here, from a bare Python 3.11. `make` alone prints the list.
#
# Paths are relative to this folder, whose own path may contain spaces. A finished step leaves a stamp in
# .venv/stamps, so that it isn't done twice; `make clean` forgets them all.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

export UV_PYTHON_DOWNLOADS := never
export UV_NO_PROGRESS := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# The first interpreter of the versions that all our requirements have wheels for.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo "$$p" && break; done)

BIN := .venv/bin
UV := $(BIN)/uv
UV_PIP := $(UV) pip
STAMPS := .venv/stamps
MEMBERS := $(dir $(wildcard sdk/pyproject.toml core/pyproject.toml plugins/*/pyproject.toml \
	docs/examples/*/pyproject.toml tests/support/pyproject.toml))
STATIC := core/tenor/web/static/manifest.json
FONT := plugins/documents/tenor_documents/fonts/NotoSansSC_400Regular.ttf
ASSET_SOURCES := $(shell find core/tenor/web/static_src tools/assets -type f -not -path '*/node_modules/*' \
	-not -name '*.pyc' 2>/dev/null)

# What to test, and the words handed on to pytest.
T ?=
PYTEST := $(BIN)/python -m pytest
WORKERS ?= 3

##@ Begin

.PHONY: help
help: ## Print this list
	@awk 'BEGIN {FS = ":.*## "} \
		/^##@ / {printf "\n%s\n", substr($$0, 5)} \
		/^[a-z-]+:.*## / {printf "  make %-10s  %s\n", $$1, $$2}' Makefile

.PHONY: demo
demo: $(STAMPS)/members assets ## Run the demo institution: prints the address and the accounts, Ctrl-C stops it
	@exec $(BIN)/tenor demo

.PHONY: setup
setup: $(STAMPS)/members assets ## Make the environment and the assets, and the hooks of git where pre-commit is there
	@if command -v pre-commit >/dev/null && [ -d .git ]; then pre-commit install; fi

.PHONY: assets
assets: $(STATIC) $(FONT) ## Build what pages and documents are made of: styles, scripts, icons, fonts

##@ Work

.PHONY: check
check: $(STAMPS)/members ## Format, lint, types, import contracts, our own rules: under a minute
	@$(BIN)/python tools/check.py

.PHONY: fix
fix: $(STAMPS)/members ## Format, and mend what can be mended by machine
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check .

.PHONY: test
test: $(STAMPS)/members assets ## Every check and every test, databases and browser included; T=path narrows
	@$(BIN)/python tools/system_packages.py
	@WORKERS=$(WORKERS) $(BIN)/python tools/test.py $(T)

.PHONY: test-fast
test-fast: $(STAMPS)/members ## The tests that need no PostgreSQL, no Redis and no browser; T=path narrows
	@$(PYTEST) -q -n $(WORKERS) -m "not (postgres or redis or browser)" $(T)

.PHONY: soak
soak: $(STAMPS)/members ## The property tests with a hundred times the examples; T=path narrows
	@HYPOTHESIS_PROFILE=soak $(PYTEST) -q -n $(WORKERS) -m "hypothesis or soak" $(T)

.PHONY: pictures
pictures: $(STAMPS)/members assets ## Take fourteen pages of the demo bank in build/pictures: both languages, light and dark
	@$(PYTEST) -q -n 0 tests/browser/test_pictures.py
	@echo "pictures: build/pictures"

.PHONY: bench
bench: $(STAMPS)/members ## Print every performance figure, and write bench/results.json
	@$(BIN)/python -m bench.run $(T)

.PHONY: docs
docs: $(STAMPS)/members ## Check the documentation: links, the index of decisions, the form of each decision
	@$(BIN)/python tools/docs.py

##@ Keep

.PHONY: surface
surface: $(STAMPS)/members ## Put on record what others import of the SDK and of each plugin; refuses what breaks them
	@$(BIN)/python tools/surface.py

.PHONY: lock
lock: $(UV) ## Choose versions anew within the bounds, and write requirements.lock and npm's locks
	@$(UV) lock --quiet $(UPGRADE)
	@$(UV) export --quiet --all-packages --all-groups --all-extras --no-emit-workspace --no-annotate --no-header \
		--format requirements.txt --output-file requirements.lock
	@$(BIN)/python tools/lock.py

.PHONY: reference
reference: $(STAMPS)/members ## Write the reference of the SDK and of the bundled plugins into docs/reference
	@$(BIN)/python tools/reference.py

.PHONY: clean
clean: ## Remove what was built; the data of the demo stays
	@rm -rf .venv .cache .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis \
		tools/*/node_modules core/tenor/web/static plugins/documents/tenor_documents/fonts/*.ttf
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# ------------------------------------------------------------------------------------------ steps

$(UV):
	@if [ -z "$(PYTHON)" ]; then \
		echo "Tenor needs Python 3.11, 3.12 or 3.13 on the PATH (or: make PYTHON=/path/to/python3.12)." >&2; exit 1; fi
	@echo "environment: $$($(PYTHON) --version) in .venv"
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
		echo "The line above says why. On Debian and Ubuntu the missing package is python3-venv." >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --require-hashes -r tools/uv.txt

$(STAMPS)/packages: requirements.lock $(UV)
	@$(UV_PIP) sync --quiet --compile-bytecode --python $(BIN)/python --require-hashes requirements.lock
	@mkdir -p $(STAMPS)
	@rm -f $(STAMPS)/members
	@touch $@

$(STAMPS)/members: $(STAMPS)/packages $(addsuffix pyproject.toml,$(MEMBERS))
	@$(UV_PIP) install --quiet --python $(BIN)/python --no-deps --no-build-isolation $(addprefix -e ./,$(MEMBERS))
	@# every command of the tests is a process of its own: none compiles what all of them import
	@$(BIN)/python -m compileall -q $(MEMBERS)
	@echo "installed: $(MEMBERS)"
	@touch $@

$(STATIC): $(STAMPS)/packages $(ASSET_SOURCES)
	@$(BIN)/python tools/assets/build.py
	@touch $@

$(FONT): $(STATIC)
	@if [ -f "$@" ]; then touch "$@"; else $(BIN)/python tools/assets/build.py; fi
