# The kit's own commands. On Windows, or without make: the same steps stand in the README in plain commands.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN_READY := $(VENV)/.run-ready
PDF_READY := $(VENV)/.pdf-ready
DEV_READY := $(VENV)/.dev-ready
PO := $(wildcard translations/*/LC_MESSAGES/*.po)
MO := $(PO:.po=.mo)
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
MODULES := app bench config.py wsgi.py

.DEFAULT_GOAL := help
.PHONY: help run pdf test lint bench bench-scale faults lock messages format clean

help: ## Show what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(RUN_READY) $(MO) ## Set everything up and serve the kit on this machine
	@$(BIN)/python -m app.cli serve

pdf: $(PDF_READY) ## Add what makes tagged PDF files (Pango must be on the machine)

test: $(DEV_READY) $(MO) ## Set everything up and run the tests
	$(BIN)/python -m pytest -n auto --dist loadgroup $(ARGS)

lint: $(DEV_READY) $(MO) ## Check style, types, imports, templates, catalogues and content
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet --lint app/templates
	$(BIN)/python -m tests.catalogues
	$(BIN)/dennis-cmd lint --errorsonly $(PO)
	$(BIN)/python -m app.cli content check

bench: $(DEV_READY) $(MO) ## Measure speed and weight against the floors in bench/
	$(BIN)/python -m bench $(ARGS)

bench-scale: $(DEV_READY) $(MO) ## Measure the administration with a hundred and with a hundred thousand learners
	$(BIN)/python -m bench.scale $(ARGS)

faults: $(DEV_READY) $(MO) ## Kill, fill and lock it for some minutes: nothing acknowledged may be lost
	$(BIN)/python -m bench.faults $(ARGS)

messages: $(DEV_READY) ## Bring new texts of the interface into the catalogues
	@mkdir -p build
	$(BIN)/pybabel -q extract -F babel.cfg -k _l -k lazy_gettext --no-location --sort-output --omit-header -o build/messages.pot .
	for po in $(PO); do $(BIN)/pybabel -q update -i build/messages.pot -o $$po -l $$(basename $$(dirname $$(dirname $$po))) \
	  --no-fuzzy-matching --ignore-obsolete --no-wrap; done

format: $(DEV_READY) ## Lay the code out
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: ## Renew the locked requirements (needs uv)
	for name in run pdf dev; do uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
	  --no-annotate --no-emit-index-url --quiet requirements/$$name.in -o requirements/$$name.txt; done

clean: ## Remove what was built, but no records
	rm -rf $(VENV) build translations/*/LC_MESSAGES/*.mo

# pybabel writes the catalogue even when a placeholder is wrong, and such a one fails at run time: it goes again.
%.mo: %.po
	@$(BIN)/pybabel -q compile -i $< -o $@ || (rm -f $@; exit 1)
$(MO): $(RUN_READY)

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 run")'
	@echo "Setting up, once: about a minute."
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(RUN_READY): requirements/run.txt $(VENV)/.made
	@$(PIP) -r requirements/run.txt
	@touch $@

$(PDF_READY): requirements/pdf.txt $(RUN_READY)
	@$(PIP) -r requirements/pdf.txt
	@touch $@

$(DEV_READY): requirements/dev.txt $(RUN_READY)
	@$(PIP) -r requirements/dev.txt
	@touch $@
