# Large Models from Zero: the commands that a person and CI both call. A bare `make` lists them.
#
# Each target makes .venv if it is missing and installs what it needs, at the exact versions of constraints.txt.
# What is installed is said once, in pyproject.toml. There are two levels: `book` (no torch) and `full`.
#
#   TORCH_INDEX=URL   take torch from this wheel index first (PyTorch documents one for CPU builds, see README.md)
#   CONSTRAINTS=FILE  other versions than the tested ones; CONSTRAINTS= (empty) takes the newest in range
#   PYTHON=PATH       the Python (3.11 or later) that makes .venv
#   NB="FILE ..."     notebooks for `make execute`; without it, all of them
#   PORT=8000         port of `make serve`

MAKEFLAGS += --no-builtin-rules
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup book test lab execute student gettext matrix bench serve clean

CONSTRAINTS ?= constraints.txt
TORCH_INDEX ?=
NB ?=
PORT ?= 8000
WORKERS ?= 2

# The first Python on the PATH that is new enough; looked for only when .venv is made.
NEW_ENOUGH = import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c '$(NEW_ENOUGH)' >/dev/null 2>&1 && { echo $$p; break; }; done)

PY := .venv/$(if $(filter Windows_NT,$(OS)),Scripts/python.exe,bin/python)
PIP_INSTALL = $(PY) -m pip install --disable-pip-version-check $(if $(CONSTRAINTS),-c "$(CONSTRAINTS)")
# The requirements of the `book` extra, one a line, read from the one place where they stand.
BOOK_EXTRA = import tomllib; \
	print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["book"], sep="\n")

help: ## list the targets
	@echo "Large Models from Zero. Targets:"
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile
	@echo "Start with \`make book\` (the site, no torch) or \`make lab\` (JupyterLab). Variables: see the head of Makefile."

setup: .venv/.full ## install everything into .venv (torch, JupyterLab, site and test tools)

book: .venv/.book ## build the site, English and Chinese, into _build/html (needs no torch)
	$(PY) -m book.build

# The tests build the site themselves. Its scripts are fetched before, so that two workers don't both do it; a file
# of tests stays on one worker (it shares a browser or a built site), and each worker computes on one thread.
test: .venv/.full ## check everything: ruff, then one strict pytest run over code, notebooks, exercises and site
	$(PY) -m ruff check .
	$(PY) -c "from book import scripts; print(scripts.prepare()[1])"
	OMP_NUM_THREADS=1 $(PY) -m pytest -n $(WORKERS) --dist loadfile

lab: .venv/.full ## open JupyterLab at the repository's root
	$(PY) -m jupyterlab --notebook-dir=.

execute: .venv/.full ## run notebooks and store their outputs: make execute NB=chapters/04_math.ipynb
	$(PY) -m book.execute $(NB)

student: .venv/.book ## make the learners' labs from labs/solutions, and the Chinese notebooks
	$(PY) -m book.student
	$(PY) -m book.languages notebooks

gettext: .venv/.book ## bring the translation files (.po) up to date with the pages
	$(PY) -m book.languages gettext

matrix: .venv/.full ## run the notebooks with one and two threads and as on an older processor, and compare
	$(PY) -m book.matrix

bench: .venv/.full ## run every benchmark small and write its record under _build/bench (two minutes)
	$(PY) -m utils.bench all --quick --out-dir _build/bench

serve: .venv/.book ## show the built site at localhost (PORT=8000); builds it if it is not there
	@test -f _build/html/index.html || $(PY) -m book.build
	$(PY) -m http.server --bind 127.0.0.1 --directory _build/html $(PORT)

clean: ## remove what was built and the caches; .venv stays
	rm -rf _build .pytest_cache .ruff_cache
	find . -path ./.venv -prune -o -path ./.git -prune -o \
		\( -name __pycache__ -o -name .ipynb_checkpoints \) -type d -exec rm -rf {} +

# --- what installs -------------------------------------------------------------------------------------------------

$(PY):
	@$(if $(PYTHON),:,echo "No Python 3.11 or later was found. Install one, or name it: make PYTHON=/path/to/python3"; exit 1)
	@"$(PYTHON)" -c '$(NEW_ENOUGH)' || { echo "$(PYTHON) is older than Python 3.11 or does not run."; exit 1; }
	@"$(PYTHON)" -m venv --clear .venv || { rm -rf .venv; \
		echo "$(PYTHON) could not make .venv. On Debian and Ubuntu: apt install python3-venv"; exit 1; }

.venv/.book: $(PY) pyproject.toml $(CONSTRAINTS)
	$(PY) -c '$(BOOK_EXTRA)' > .venv/book-requirements.txt
	$(PIP_INSTALL) -r .venv/book-requirements.txt
	@touch $@

# From TORCH_INDEX comes torch alone (what torch needs in turn is found by the second line, at the tested versions).
.venv/.full: $(PY) pyproject.toml $(CONSTRAINTS)
	$(if $(TORCH_INDEX),$(PIP_INSTALL) --no-deps --index-url "$(TORCH_INDEX)" torch)
	$(PIP_INSTALL) -e ".[book,ecosystem,test]"
	$(PY) -m pip check
	@touch .venv/.book $@
