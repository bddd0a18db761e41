# The commands of this project. Each installs what it needs (tools/need) on a machine that has Rust and Node.
SHELL := /bin/bash

.PHONY: run test check build bench lint fmt e2e audit fuzz dev

run: ; @tools/build dev && exec target/debug/kefu demo $(ARGS)
test: ; @tools/test all
check: ; @tools/test quick
build: ; @tools/build release
bench: build ; @tools/need postgres && cargo build -q --release --workspace --bins && target/release/bench --kefu target/release/kefu $(if $(ONLY),--only $(ONLY))
lint: ; @tools/test lint
fmt: ; @cargo fmt --all && tools/need web && npm --prefix web run -s format
e2e: ; @tools/build dev && tools/test e2e
audit: ; @tools/test audit
fuzz: ; @tools/test fuzz
dev: ; @tools/dev
