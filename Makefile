# Few verbs: demo test lint format bench, train-mouth, and media for the README's moving picture. Each installs what it needs into .venv first.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# Trained parts and media come from these; see models/ for how they were made.
SPEECH := examples/hello.opus

.PHONY: demo test lint format bench train-mouth media clean

demo: $(VENV)/runtime
	$(BIN)/avatar render $(SPEECH) -o demo.mp4 --before 1 --after 1
	@echo "demo.mp4 is ready."
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then $(BIN)/avatar play $(SPEECH); fi

test: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest

lint: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(VENV)/dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/dev
	$(BIN)/python -m benchmarks

# About an hour and a quarter on one core; each step goes on where it was stopped.
train-mouth: $(VENV)/dev
	$(BIN)/python -m pip install --quiet pocketsphinx
	$(BIN)/python -m models.mouth.corpus.measure
	$(BIN)/python -m models.mouth.listener
	$(BIN)/python -m models.mouth.train
	$(BIN)/python -m models.mouth.voice
	$(BIN)/python -m models.mouth.export --name mouth_voiced

media: $(VENV)/runtime
	$(BIN)/python docs/media/make.py

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/runtime: $(BIN)/python pyproject.toml setup.py
	$(BIN)/python -m pip install --quiet -e .
	touch $@

# mediapipe, which the studio needs, has wheels up to Python 3.12; elsewhere the studio's tests skip.
$(VENV)/dev: $(VENV)/runtime
	$(BIN)/python -m pip install --quiet -e '.[dev]'
	if $(BIN)/python -c 'import sys; sys.exit(sys.version_info >= (3, 13))'; then \
	    $(BIN)/python -m pip install --quiet 'torch==2.13.0' && \
	    $(BIN)/python -m pip install --quiet -e '.[studio]'; fi
	touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info demo.mp4
