# make demo     the main job, from nothing
# make test     the tests
# make check    what continuous integration runs: format, lint, types, tests
# make lowest   the light part of the tests, at the lowest versions that pyproject.toml allows; CI runs it, too
# make lock     write constraints.txt anew: every package of the development environment, at its newest version
# make fuzz     random networks beside PyTorch, with a fresh seed that it prints; COUNT=400
# make bench    speed and memory beside the peers, in one run; BENCH=--quick for a short one
# make studies  design spaces of three papers and where the published networks stand in them; SAMPLE=12000 REGNETS=100000
# make studies-measured  whether gains that are predicted for ShuffleNet V2's space are real on this CPU; five minutes, and nothing
#   else may run; MIN_TIME=10
# make reports-static  what is in reports/ and the same on every machine: half a minute
# make check-reports   whether that is what is committed; CI runs it
# make reports  all that is in reports/, measured on this machine; DEVICE=cuda on a GPU. A quarter of an hour
# make ablations  what papers vary, counted: reports/ablations/. Half a minute
# make calibrate  profiles of this CPU at 1 and 2 threads for archlens/devices/profiles; seven minutes, and nothing else may run
# make picture  docs/page.png, which opens the README, of the catalogue as it is; needs Chromium. A minute
# make docs     the pages under docs/, as a site in site/; a warning is an error
# make fix      put format and lint right where that needs no thought

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
BENCH_READY := $(VENV)/bench-ready
LOWEST := .venv-lowest

# pip reads these two by itself, in the environments that it builds packages in as well.
export PIP_CONSTRAINT := $(CURDIR)/constraints.txt
export PIP_BUILD_CONSTRAINT := $(PIP_CONSTRAINT)
INSTALL := python -m pip install --quiet
COMPILE := $(BIN)/uv pip compile --quiet --python-version 3.11 --no-annotate --custom-compile-command "make lock"
LIGHT := tests/spec tests/passes/test_fold.py tests/report/test_profile.py \
	tests/report/test_comparison.py tests/report/test_render.py tests/report/formats tests/cli/test_profile.py tests/cli/test_compare.py \
	tests/cli/test_list.py tests/cli/test_spec.py tests/test_cost.py tests/test_errors.py tests/test_graph.py

DEVICE := cpu
CPU := amd-epyc
MEASURED = --device $(DEVICE) --threads 1 --min-time 0.3 --format markdown

.PHONY: ablations studies studies-measured demo fuzz test lowest lock check format lint types bench reports reports-static check-reports calibrate \
	picture docs fix clean

demo: $(READY)
	$(BIN)/archlens profile resnet50
	$(BIN)/archlens compare shufflenet_v1 shufflenet_v2

test: $(READY)
	$(BIN)/python -m pytest -n 2

COUNT := 400
SAMPLE := 12000
REGNETS := 100000
MIN_TIME := 10

fuzz: $(READY)
	seed=$${FUZZ_SEED:-$$(od -An -N3 -tu4 /dev/urandom | tr -d ' ')}; echo "FUZZ_SEED=$$seed"; \
	FUZZ_SEED=$$seed FUZZ_COUNT=$(COUNT) $(BIN)/python -m pytest -q -n 2 tests/studies/test_fuzz.py

check: format lint types test

lowest: $(LOWEST)/ready
	$(LOWEST)/bin/python -m pytest -n 2 $(LIGHT)

# Without hashes: PyTorch's builds differ from platform to platform.
lock: $(READY)
	$(BIN)/$(INSTALL) uv
	$(COMPILE) --upgrade --universal --extra dev --extra bench pyproject.toml constraints.in --output-file constraints.txt
	$(COMPILE) --upgrade --resolution lowest-direct --extra test --extra tables pyproject.toml \
		--output-file constraints-lowest.txt

format: $(READY)
	$(BIN)/ruff format --check .

lint: $(READY)
	$(BIN)/ruff check .

types: $(READY)
	$(BIN)/mypy

bench: $(BENCH_READY)
	$(BIN)/python -m benchmarks $(BENCH)

ABLATION := $(BIN)/archlens compare --rows models --units M --digits 2 \
	--columns params,multiply_adds,memory_access,activations,layers
ablations: $(READY)
	$(ABLATION) 'resnet34[residual=false]' 'resnet34[shortcuts=A]' 'resnet34[shortcuts=B]' 'resnet34[shortcuts=C]' \
		'resnet20[shortcuts=A]' 'resnet20[shortcuts=B]' 'resnet20[shortcuts=C]' -o reports/ablations/shortcuts.md
	$(ABLATION) resnet50 'resnet50[stem=deep_stem]' 'senet154[stem=large_stem]' senet154 'inception_resnet_v2[stem=plain]' \
		inception_resnet_v2 'inception_resnet_v2[stem=inception_stem]' -o reports/ablations/stems.md
	$(ABLATION) resnet50 'seresnet50[reduction=32]' seresnet50 'seresnet50[reduction=8]' 'seresnet50[reduction=4]' \
		'seresnet50[reduction=2]' -o reports/ablations/gate_ratios.md
	$(ABLATION) resnet50 'seresnet50[gated=[1]]' 'seresnet50[gated=[2]]' 'seresnet50[gated=[3]]' 'seresnet50[gated=[4]]' \
		seresnet50 'seresnet50[squeeze_excite=pre]' 'seresnet50[squeeze_excite=post]' \
		'seresnet50[squeeze_excite=identity]' 'seresnet50[squeeze_excite=inner]' -o reports/ablations/gate_places.md
	$(ABLATION) 'resnet50[stride_in=1x1]' resnet50 'resnet50[stem=deep_stem]' resnet50d -o reports/ablations/resnet_bcd.md
	$(ABLATION) efficientnet_b4 'efficientnet_b4[fused=[1,2,3]]' 'efficientnet_b4[fused=[1,2,3,4,5]]' \
		'efficientnet_b4[fused=[1,2,3,4,5,6,7]]' -o reports/ablations/fused_stages.md
	$(ABLATION) resnet50 'resnet50[groups=2,base=40]' 'resnet50[groups=4,base=24]' 'resnet50[groups=8,base=14]' \
		'resnet50[groups=32,base=4]' shufflenet_v1_g1 shufflenet_v1_g2 shufflenet_v1_g3 shufflenet_v1_g4 shufflenet_v1_g8 \
		-o reports/ablations/groups.md
	$(ABLATION) 'mobilenet_v1*' -o reports/ablations/mobilenet.md

reports-static: $(READY)
	rm -rf reports/networks
	$(BIN)/archlens report --no-page --output reports

# What no command writes any more must not stay: whole folders are compared.
check-reports: $(READY)
	rm -rf build/reports
	$(BIN)/archlens report --no-page --output build/reports
	for file in build/reports/*.*; do diff -u "reports/$${file##*/}" "$$file" || exit 1; done
	diff -ru reports/networks build/reports/networks

reports: reports-static
	$(BIN)/archlens guidelines g1 g2 g3 g4 $(MEASURED) --output reports/guidelines_$(DEVICE).md
	$(BIN)/archlens guidelines table8 $(MEASURED) --output reports/table8_$(DEVICE).md
	$(BIN)/archlens guidelines breakdown $(MEASURED) --output reports/breakdown_$(DEVICE).md
	$(BIN)/archlens savings --measure $(MEASURED) --output reports/savings_$(DEVICE).md
	$(BIN)/archlens verify --ledger --output reports/verification.md

# Each network of ShuffleNet V2 within 10 % of its multiply-adds, and the front of its design space there; EfficientNet's
# scaling; what RegNet's space, as pycls samples it, moves at 400 million multiply-adds.
studies: $(READY)
	mkdir -p build
	for device in pixel1 rtx4090; do \
		store=build/shufflenet_v2_$$device.sqlite; report=reports/space_shufflenet_v2_$$device; \
		$(BIN)/archlens sweep examples/shufflenet_v2_space.yaml --sample $(SAMPLE) --device $$device -o $$store \
			--restart > /dev/null && \
		for part in 40:36M:44M:x0_5 140:130M:159M:x1_0 300:266M:325M:x1_5; do \
			set -- $$(echo $$part | tr : ' '); \
			$(BIN)/archlens sweep front $$store --where "multiply_adds >= $$2 and multiply_adds <= $$3" \
				--beside shufflenet_v2_$$4 --plot $${report}_$$1m.svg --format markdown > $${report}_$$1m.md || exit 1; \
		done || exit 1; \
		$(BIN)/archlens sweep examples/efficientnet_scaling.yaml --device $$device --restart \
			-o build/efficientnet_$$device.sqlite --beside 'efficientnet_b0[phi=1,input=3x258x258]' \
			--plot reports/space_efficientnet_$$device.svg --format markdown \
			> reports/space_efficientnet_$$device.md || exit 1; \
	done
	$(BIN)/archlens sweep examples/regnet_space.yaml --sample $(REGNETS) -o build/regnet.sqlite --restart > /dev/null
	$(BIN)/archlens sweep distribution build/regnet.sqlite memory_access activations latency --device rtx4090 --batch 64 \
		--by squeeze --beside 'regnet_x_400mf[widths=[32,64,160,384]]' --beside regnet_x_400mf --beside regnet_y_400mf \
		--plot reports/space_regnet_400mf.svg --format markdown > reports/space_regnet_400mf.md

calibrate: $(READY)
	mkdir -p archlens/devices/profiles
	$(BIN)/archlens calibrate --threads 1 --output archlens/devices/profiles/$(CPU)-1-thread.json
	$(BIN)/archlens calibrate --threads 2 --output archlens/devices/profiles/$(CPU)-2-threads.json

# No fewer multiply-adds than the published network has, 144,907,992.
studies-measured: $(READY)
	mkdir -p build
	$(BIN)/archlens sweep examples/shufflenet_v2_space.yaml --sample $(SAMPLE) --device $(CPU)-1-thread --restart \
		--where 'multiply_adds >= 144907992' -o build/shufflenet_v2_$(CPU).sqlite > /dev/null
	$(BIN)/archlens sweep measure build/shufflenet_v2_$(CPU).sqlite --beside shufflenet_v2_x1_0 --threads 1 \
		--min-time $(MIN_TIME) --format markdown --output reports/space_shufflenet_v2_cpu_measured.md

picture: $(READY)
	$(BIN)/python -m benchmarks picture

docs: $(READY)
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

fix: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) $(LOWEST) build dist site .mypy_cache .pytest_cache .ruff_cache

$(READY): pyproject.toml constraints.txt
	python3 -m venv $(VENV)
	$(BIN)/$(INSTALL) --editable '.[dev]'
	touch $@

$(BENCH_READY): $(READY)
	$(BIN)/$(INSTALL) --editable '.[dev,bench]'
	touch $@

$(LOWEST)/ready: pyproject.toml constraints-lowest.txt
	python3 -m venv --clear $(LOWEST)
	PIP_CONSTRAINT=$(CURDIR)/constraints-lowest.txt $(LOWEST)/bin/$(INSTALL) --editable '.[test,tables]'
	touch $@
