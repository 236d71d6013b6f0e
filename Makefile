# What a contributor does, one word each. `make demo` and `make test` set up what they need themselves.

PREFIX ?= /usr/local
DESTDIR ?=
SWIFT ?= swift
SOAK_SECONDS ?= 600

.PHONY: help build release demo test bench soak format lint install bootstrap clean

help:
	@echo "make demo      a real replication topology on this machine, in the console"
	@echo "make test      every test, on real MySQL and MariaDB servers"
	@echo "make bench     the measured figures"
	@echo "make soak      the long-running tests, SOAK_SECONDS=$(SOAK_SECONDS)"
	@echo "make format    format the sources;  make lint: only check them"
	@echo "make install   the release build into PREFIX ($(PREFIX))"

bootstrap:
	@scripts/bootstrap

build: bootstrap
	$(SWIFT) build

release: bootstrap
	@SWIFT="$(SWIFT)" scripts/build-release baton

demo: release
	@.build/release/baton demo

test: bootstrap
	$(SWIFT) build --build-tests
	@SWIFT="$(SWIFT)" scripts/test

bench: release
	@scripts/bench

soak: bootstrap
	BATON_SOAK=$(SOAK_SECONDS) $(SWIFT) test --no-parallel --filter "Soak|PlanPropertyTests|ComparisonTests|FalseAlarm"

format:
	$(SWIFT) format --in-place --parallel --recursive Package.swift Sources Tests Benchmarks

lint:
	$(SWIFT) format lint --strict --parallel --recursive Package.swift Sources Tests Benchmarks

install: release
	install -d "$(DESTDIR)$(PREFIX)/bin" "$(DESTDIR)$(PREFIX)/share/baton"
	install -m 755 .build/release/baton "$(DESTDIR)$(PREFIX)/bin/baton"
	for folder in themes keymaps; do \
		if [ -d "$$folder" ]; then \
			install -d "$(DESTDIR)$(PREFIX)/share/baton/$$folder"; \
			install -m 644 "$$folder"/* "$(DESTDIR)$(PREFIX)/share/baton/$$folder/"; \
		fi; \
	done
	install -d "$(DESTDIR)$(PREFIX)/share/bash-completion/completions" \
		"$(DESTDIR)$(PREFIX)/share/zsh/site-functions" "$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d"
	.build/release/baton --generate-completion-script bash > "$(DESTDIR)$(PREFIX)/share/bash-completion/completions/baton"
	.build/release/baton --generate-completion-script zsh > "$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_baton"
	.build/release/baton --generate-completion-script fish > "$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/baton.fish"

clean:
	$(SWIFT) package clean
