# Few verbs: demo test lint format bench, and media for the README's moving picture. Each installs what it needs into .venv first.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# Trained parts and media come from these; see models/ for how they were made.
SPEECH := examples/hello.opus

.PHONY: demo test lint format bench media train-mouth clean

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

media: $(VENV)/runtime
	$(BIN)/python docs/media/make.py

# Hours of one core, resumable; models/mouth/README.md tells each step and what it needs.
train-mouth: $(VENV)/dev
	$(BIN)/python -m pip install --quiet pocketsphinx ctranslate2 faker misaki pypinyin jieba cn2an ordered-set
	$(BIN)/python -m models.mouth.measure --limit 1000
	$(BIN)/python -m models.mouth.train --design tcn --minutes 25
	$(BIN)/python -m models.mouth.distil.fetch
	$(BIN)/python -m models.mouth.distil.readers
	$(BIN)/python -m models.mouth.distil.teacher
	$(BIN)/python -m models.mouth.distil.train --begin tcn --minutes 7 --rate 0.8e-3
	$(BIN)/python -m models.mouth.distil.train --width 144 --minutes 26 --name voice
	$(BIN)/python -m models.mouth.distil.train --width 144 --minutes 33 --name voice --voice-only
	$(BIN)/python -m models.mouth.distil.export

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
