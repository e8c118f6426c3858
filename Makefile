# Everything a developer runs. Each target installs what it needs, or says what
# is missing and fails; nothing is skipped.

SHELL := /bin/bash
TEMPL := go tool templ
GO_PACKAGES := ./...
# Computes by itself, every day of two years for every process and region: the
# race detector finds nothing to look at there, and takes ten times as long.
ALONE := tandem/internal/process

.PHONY: test check unit browser dev bench torture generate need

test: need check unit browser ## all of it, as CI runs it
	@echo "all tests passed"

need: ## what tests need besides Go: Chromium, PostgreSQL, Node
	@scripts/need

check: ## formatting, vet, staticcheck, generated files, modules
	@scripts/check

unit: need ## Go tests, with the race detector, on both databases
	go test -race -timeout 20m $$(go list $(GO_PACKAGES) | grep -vx '$(ALONE)')
	go test -timeout 20m $(ALONE)

browser: need ## two people in a real browser
	@scripts/browser

generate: ## templates to Go
	$(TEMPL) generate

dev: ## a demo that restarts when a file changes
	@scripts/dev

bench: need ## every benchmark, as ratios to the bare operation where there is one
	@scripts/bench

torture: need ## the long runs: a thousand kills, long fuzzing, many more properties
	@scripts/torture
