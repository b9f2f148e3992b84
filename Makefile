# SPDX-License-Identifier: Apache-2.0
# The front door. Each target is one script; the scripts use the presets of CMakePresets.json.
# `make demo` and `make test` install what is missing (they say what and why) and need nothing done before.

.PHONY: help demo test build setup lint asan tidy fuzz coverage bench format clean

help:
	@scripts/help

demo: ## audit a sample call that the project makes; leaves demo/report/report.html
	@scripts/demo

test: ## build the release preset and run every test: unit, end-to-end, fuzz corpora
	@scripts/test release

build: ## build/release/peekproof and nothing else
	@scripts/setup build models
	@scripts/build release peekproof

setup: ## install the packages and models that building and testing need
	@scripts/setup build models

lint: ## the checks that need no build: format, layers, links, headers, lock file
	@scripts/setup lint
	@scripts/lint

asan: ## unit tests and fuzz corpora under the address and undefined-behaviour sanitizers
	@scripts/test asan

tidy: ## clang-tidy over every source file but the tests
	@scripts/tidy

fuzz: ## fuzz each harness with libFuzzer for a minute
	@scripts/fuzz 60

coverage: ## line coverage of src/
	@scripts/coverage

bench: ## speed and memory, beside decode-only in the same run
	@scripts/bench

format: ## clang-format every file in place
	@scripts/setup lint
	@scripts/format

clean: ## remove what the build made
	@rm -rf build
