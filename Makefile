# A virtual environment from the lock, then invoke: `make serve`, `make test`, or any other task (`make help`).
PYTHON ?= python3
VENV := .venv
STAMP := $(VENV)/.installed

.PHONY: help serve build test lint
help serve build test lint: $(STAMP)
	$(VENV)/bin/python -m invoke $(if $(filter help,$@),--list,$@)

$(STAMP): requirements-dev.txt
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --require-hashes -r requirements-dev.txt
	touch $@
