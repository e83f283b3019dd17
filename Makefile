# make run    opens the window (ARGS="FILE ..." opens files, too)
# make test   checks everything and runs the tests (ARGS="-k name" picks some)
# make images  draws the pictures of the guide with the program itself
# make bench  measures speed against other programs
# PYTHON=/path/to/python3.12 names the interpreter; the newest suitable one is taken otherwise.
.PHONY: run test bench images clean
.NOTPARALLEL:

venv = .venv
bin = $(venv)/bin

run: $(venv)/installed-run
	$(bin)/jpas-gui $(ARGS)

test: $(venv)/installed-test
	$(bin)/ruff check .
	$(bin)/ruff format --check .
	$(bin)/mypy
	$(bin)/lint-imports
	$(bin)/python -m pytest --numprocesses auto --dist loadfile $(ARGS)

bench: $(venv)/installed-bench
	$(bin)/python -m pytest benchmarks -s $(ARGS)

images: $(venv)/installed-run
	$(bin)/jpas-gui screenshot --overwrite --session docs/sessions/compare.json -o docs/images/window.png
	$(bin)/jpas-gui screenshot --overwrite --session docs/sessions/fan.json -o docs/images/fan.png
	$(bin)/jpas-gui screenshot --overwrite --tab Degeneracies -o docs/images/degeneracies.png

$(venv)/installed-%: pyproject.toml constraints.txt scripts/set-up.sh
	PYTHON="$(PYTHON)" scripts/set-up.sh $*

clean:
	rm -rf $(venv) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache .benchmarks
	find jpas_gui tests benchmarks -name __pycache__ -prune -exec rm -rf {} +
