# make demo     the main job, from nothing
# make test     the tests
# make check    what continuous integration runs: format, lint, types, tests
# make bench    speed and memory beside the peers, in one run; BENCH=--quick for a short one
# make reports  what is in reports/, measured on this machine; DEVICE=cuda on a GPU. A quarter of an hour
# make fix      put format and lint right where that needs no thought

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
BENCH_READY := $(VENV)/bench-ready

DEVICE := cpu
MEASURED = --device $(DEVICE) --threads 1 --min-time 0.3 --format markdown

.PHONY: demo test check format lint types bench reports fix clean

demo: $(READY)
	$(BIN)/archlens profile resnet50
	$(BIN)/archlens compare shufflenet_v1 shufflenet_v2

test: $(READY)
	$(BIN)/python -m pytest -n 2

check: format lint types test

format: $(READY)
	$(BIN)/ruff format --check .

lint: $(READY)
	$(BIN)/ruff check .

types: $(READY)
	$(BIN)/mypy

bench: $(BENCH_READY)
	$(BIN)/python -m benchmarks $(BENCH)

reports: $(READY)
	$(BIN)/archlens guidelines g1 g2 g3 g4 $(MEASURED) --output reports/guidelines_$(DEVICE).md
	$(BIN)/archlens guidelines table8 $(MEASURED) --output reports/table8_$(DEVICE).md
	$(BIN)/archlens guidelines breakdown $(MEASURED) --output reports/breakdown_$(DEVICE).md
	$(BIN)/archlens savings --measure $(MEASURED) --output reports/savings_$(DEVICE).md
	$(BIN)/archlens verify --format markdown --output reports/ledger.md

fix: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache

$(READY): pyproject.toml constraints.txt
	python3 -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $@

$(BENCH_READY): $(READY)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev,bench]'
	touch $@
