PYTHON ?= python3
BIN := .venv/bin
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
endif

unexport VIRTUAL_ENV  # another environment may be active; IPython warns of it

.PHONY: book pdf epub test verify notebooks notebook bench fuzz lock clean
.DEFAULT_GOAL := book

book: .venv/ready  ## execute the notebooks and build the book into _build/html; STUDY=DIR for another study
	@$(BIN)/python tools/book.py build $(if $(STUDY),"$(STUDY)")

pdf: .venv/ready  ## the whole book for paper, _build/book.pdf
	@$(BIN)/python tools/print.py pdf $(if $(STUDY),"$(STUDY)")

epub: .venv/ready  ## the whole book for e-readers, _build/book.epub
	@$(BIN)/python tools/print.py epub $(if $(STUDY),"$(STUDY)")

test: .venv/ready  ## everything that must hold
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/python tools/browser.py install
	$(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder -m "not built"
	PYTHONHASHSEED=0 OMP_NUM_THREADS=1 $(BIN)/python -m pytest -q -n 2 --dist loadfile --nbval book
	rm -rf _build
	PYTHONHASHSEED=0 $(BIN)/jupyter-book build . -W -n --keep-going -q
	PYTHONHASHSEED=0 $(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder -m built tests/test_verify.py tests

verify: .venv/ready  ## build the book again from nothing and say what differs; BOOK=FOLDER for a book elsewhere, STUDY=DIR for another study
	$(BIN)/python tools/verify.py $(if $(STUDY),--study "$(STUDY)") $(if $(BOOK),"$(BOOK)")

notebooks: .venv/ready  ## execute every notebook and store its outputs
	$(BIN)/python tools/book.py notebooks $(if $(STUDY),"$(STUDY)")

notebook: .venv/ready  ## open the notebooks in JupyterLab; STUDY=DIR for those of another study
	$(BIN)/python tools/book.py lab $(if $(STUDY),"$(STUDY)")

bench: .venv/ready .venv-peers/ready  ## time and memory, as ratios; CORPUS=FILE for a corpus of your own
	$(BIN)/python benchmarks/bench.py $(if $(CORPUS),--corpus $(CORPUS))

fuzz: .venv/ready  ## generated hostile inputs, 100,000 of them
	$(BIN)/python tests/fuzz.py 100000

lock: .venv/ready  ## pin requirements.in into requirements.txt
	$(BIN)/uv pip compile requirements.in --universal --python-version 3.11 --generate-hashes --no-annotate --no-header -o requirements.txt
	$(BIN)/uv pip compile benchmarks/peers.in --universal --python-version 3.11 --generate-hashes --no-annotate --no-header -o benchmarks/peers.txt

clean:  ## remove what is built
	rm -rf _build .venv .venv-peers

.venv/ready: requirements.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13) and "Python 3.11, 3.12 or 3.13 is needed; say which: make PYTHON=python3.12")'
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

.venv-peers/ready: benchmarks/peers.txt
	$(PYTHON) -m venv --clear .venv-peers
	$(subst .venv,.venv-peers,$(BIN))/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r benchmarks/peers.txt
	touch $@
