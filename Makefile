# Developers' verbs. Everything that users need is ./cuaso.
.DEFAULT_GOAL := help
PYTHON := .venv/bin/python
MANAGE := PYTHONPATH=src DJANGO_SETTINGS_MODULE=cuaso.wiring.settings $(PYTHON) -m django

.PHONY: help fmt lint types contracts locks migrations docs docs-serve fragment changelog hooks clean

help: ## show these captions
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  \1\t\2/' | expand -t 16

fmt: ## format and mend what ruff can mend
	$(PYTHON) -m ruff format . && $(PYTHON) -m ruff check --fix .

lint: ## ruff, without changing anything
	$(PYTHON) -m ruff check . && $(PYTHON) -m ruff format --check .

types: ## mypy, strict
	PYTHONPATH=src $(PYTHON) -m mypy -p cuaso -p cuaso_simulators -p tools

contracts: ## floors and doors (import-linter)
	PYTHONPATH=src:. .venv/bin/lint-imports

locks: ## resolve anew and export the three locks
	.venv/bin/uv lock
	.venv/bin/uv export -q --frozen --no-emit-project --no-header --no-annotate --no-dev --group setup -o requirements.lock
	.venv/bin/uv export -q --frozen --no-emit-project --no-header --no-annotate --all-groups -o requirements-dev.lock
	.venv/bin/uv export -q --frozen --no-emit-project --no-header --no-annotate --only-group setup -o requirements-uv.lock
	$(PYTHON) -m tools.check_locks

migrations: ## write missing migrations (NAME=app to limit)
	$(MANAGE) makemigrations $(NAME)

docs: ## build the documents, strictly
	$(PYTHON) -m mkdocs build --strict

docs-serve: ## read the documents while writing them
	$(PYTHON) -m mkdocs serve

fragment: ## a line for the changelog: make fragment NAME=12.feature
	$(PYTHON) -m towncrier create --edit $(NAME).md

changelog: ## gather fragments: make changelog VERSION=0.2.0
	$(PYTHON) -m towncrier build --version $(VERSION)

hooks: ## run the checks of a commit at each commit
	$(PYTHON) -m pre_commit install

clean: ## remove what can be made again (not var/)
	rm -rf site .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
