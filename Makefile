# `make serve`, `make test`, or any other task (`make help`): tools/install.py makes .venv from the lock, invoke does the rest.
PYTHON ?= python3

.PHONY: help serve build check test lint wheels
help serve build check test lint wheels:
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON) here. The site needs Python 3.11 or newer: install it from python.org/downloads (Debian, Ubuntu: sudo apt-get install python3-venv)."; exit 1; }
	@$(PYTHON) tools/install.py $(if $(filter test lint wheels,$@),--tests)
	@.venv/bin/python -m invoke $(if $(filter help,$@),--list,$@)
