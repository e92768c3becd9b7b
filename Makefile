# SPDX-License-Identifier: Apache-2.0
# The front door. `make help` says what there is.

PORT ?= 8080
DATA ?= demo-data
PREFIX ?= /usr/local
SECONDS ?= 30

all: deps-build ## build the program: build/partnerd
	@tools/assets
	@tools/build release partnerd

demo: all ## run it with a demo organisation: PORT=8080 DATA=demo-data
	@build/partnerd demo --data "$(DATA)" --listen 127.0.0.1:$(PORT)

run: all ## run it on your own data: PORT=8080 DATA=...
	@build/partnerd serve --data "$(DATA)" --listen 127.0.0.1:$(PORT)

test: deps-test ## every test, on SQLite and on PostgreSQL, with the sanitizers (ONLY=text to pick)
	@tools/assets
	@tools/modules tests
	@node tests/run.mjs $(ONLY)

check: deps-test deps-check ## slower looks: threads, static analysis, fuzzing, many kills, coverage
	@tools/assets
	@tools/modules tests
	@tools/check

bench: deps-bench all ## measure, as ratios to something known, in one run (ONLY=text to pick)
	@bench/run $(ONLY)

fuzz: deps-test ## feed every parser with nonsense: SECONDS=30 for each
	@tools/assets
	@tools/fuzz $(SECONDS)

format: deps-check ## lay out the changed C files as .clang-format says
	@git diff --name-only --diff-filter=d HEAD -- '*.c' '*.h' | xargs -r clang-format -i

install: all ## put program, man page and systemd unit under PREFIX=/usr/local
	install -D -m 755 build/partnerd $(DESTDIR)$(PREFIX)/bin/partnerd
	install -D -m 644 packaging/partnerd.1 $(DESTDIR)$(PREFIX)/share/man/man1/partnerd.1
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	sed 's|/usr/local/bin|$(PREFIX)/bin|' packaging/partnerd.service \
		>$(DESTDIR)$(PREFIX)/lib/systemd/system/partnerd.service

clean: ## remove what was built (not the demo's data)
	rm -rf build .cache web/dist

help: ## print this
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' Makefile | expand -t 10

deps-%:
	@tools/install build $(filter-out build,$*)

.PHONY: all demo run test check bench fuzz format install clean help
