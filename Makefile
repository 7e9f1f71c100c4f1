# Redshank. `make` alone says what there is.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup setup-test demo test test-long check format bench calibration simulate fuzz crash wheel lock clean

PY := .venv/bin/python

help: ## this table
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## what a node or a demo needs, into .venv
	@tools/setup.sh run

setup-test: ## that, and what checks and tests need
	@tools/setup.sh test

demo: setup ## set up and run a five-node exercise in the browser (ARGS="..." are passed on)
	@.venv/bin/redshank demo $(ARGS)

test: setup-test ## set up, then all checks and all tests (ARGS="..." are pytest's)
	@since=$$SECONDS; checks=passed; tests=passed; \
	$(MAKE) --no-print-directory -k check || checks=FAILED; \
	$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not long" $(ARGS) || tests=FAILED; \
	echo "redshank: checks $$checks, tests $$tests, in $$((SECONDS - since)) s"; \
	[ "$$checks$$tests" = passedpassed ]

test-long: setup-test ## what `make test` leaves out: the deep proof of all tables, and the four slowest broken nodes
	@$(PY) -m pytest -n 2 -m long $(ARGS)

# One target each, so that `make -k check` reports all of them.
CHECKS := check-ruff check-format check-types check-rooms check-sizes check-pages
.PHONY: $(CHECKS)
check: $(CHECKS) ## style, types, rooms and sizes, without the tests

check-ruff:
	@echo "ruff check"; $(PY) -m ruff check --quiet .
check-format:
	@echo "ruff format --check"; $(PY) -m ruff format --check --quiet --output-format=concise . || { echo "not formatted: run make format"; exit 1; }
check-types:
	@echo "mypy"; $(PY) -m mypy --no-error-summary
check-rooms:
	@echo "lint-imports"; out=$$(.venv/bin/lint-imports 2>&1) || { echo "$$out"; exit 1; }
check-sizes:
	@echo "sizes"; $(PY) tools/check_sizes.py
check-pages:
	@echo "tsc"; .venv/console/node_modules/.bin/tsc --noEmit -p console && .venv/verifier/node_modules/.bin/tsc --noEmit -p verifier

format: ## format and sort imports in place
	@$(PY) -m ruff check --quiet --select I --fix . && $(PY) -m ruff format .

bench: ## run one benchmark: make bench NAME=...
	@[ -n "$(NAME)" ] || { echo "which? make bench NAME=..."; ls benchmarks/*.py 2>/dev/null; exit 2; }
	@$(PY) -m benchmarks.$(NAME) $(ARGS)

calibration: setup-test ## fit and judge the forecast on real flights (ARGS="--check": write nothing)
	@$(PY) -m benchmarks.real_flights $(ARGS)

simulate: setup ## simulate nodes with faults: make simulate SEED=7 [SEEDS=10] [STEPS=1500], or HOURS=2 over fresh seeds
	@$(PY) -m redshank.exercise.simulation $(if $(HOURS),--hours $(HOURS) $(if $(SEED),--seed $(SEED)),--seed $(or $(SEED),1) --seeds $(or $(SEEDS),1)) $(if $(STEPS),--steps $(STEPS))

fuzz: setup-test ## fuzz one parser: make fuzz NAME=entry [SECONDS=60] (NAME=all: each of them)
	@[ -n "$(NAME)" ] || { echo "which? make fuzz NAME=..."; ls fuzz/corpus; exit 2; }
	@nice -n 19 $(PY) -m fuzz $(NAME) --seconds $(or $(SECONDS),60)

crash: setup-test ## cut the power at every operation of a run, fail every write: make crash [SEEDS=5] [TURNS=8]
	@REDSHANK_CRASH_SEEDS=$(or $(SEEDS),5) REDSHANK_CRASH_TURNS=$(or $(TURNS),8) \
		$(PY) -m pytest -s tests/disk/test_disk_power_cut.py tests/disk/test_disk_failing.py

wheel: setup ## build dist/redshank-*.whl with the console's pages in it
	@$(PY) -m pip wheel -q --disable-pip-version-check --no-deps --no-build-isolation -w dist . && ls -1 dist/*.whl

lock: setup-test ## resolve the locks anew from pyproject.toml
	@tools/lock.sh

clean: ## remove all that was built, .venv too
	@rm -rf .venv dist build src/redshank/console/pages console/node_modules src/redshank/cli/offline \
		verifier/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .fuzz
	@find src tests tools benchmarks fuzz -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true
