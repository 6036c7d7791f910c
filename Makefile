# Every target is phony: folders bear some of their names, and a make that finds
# `ver` up to date would be green for ever. A test keeps it so (tools/repo_test.go).

GO       ?= go
ONELINE  ?= bin/oneline
ROUNDS   ?= 10
FUZZTIME ?= 20s
VULNDB   ?= https://vuln.go.dev
VERSION  ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)

.DEFAULT_GOAL := help
.PHONY: help ver lock mutate sample doit selftest test bench soak fuzz lint doc build install dist clean

# The targets that verify pass these on to oneline. One that is given empty is
# passed on empty, and refused there: it must not become the reference in silence.
# `value` keeps make from expanding a $ in them; quotes are for the shell.
quote = '$(subst ','\'',$(1))'
pass  = $(if $(filter undefined,$(origin $(1))),,-$(2) $(call quote,$(value $(1))))
flags = $(strip $(call pass,ADDR,addr) $(call pass,LAUNCH,launch) $(call pass,CLIENT,client) $(call pass,APP,app)) $(FLAGS)

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "%-9s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "make ver verifies the reference server and client, or whatever is given:"
	@echo "  ADDR=HOST:PORT  LAUNCH='CMD {addr}'  CLIENT='CMD {addr}'  APP=FILE|sample"
	@echo "  FLAGS='...' for any other flag of oneline verify"

# On the reference, oneline is built so that it can tell which code each
# requirement executes (docs/coverage.md).
reference = $(and $(filter file,$(origin ONELINE)),$(filter undefined,$(origin ADDR)),$(filter undefined,$(origin LAUNCH)),$(filter undefined,$(origin CLIENT)))

ver: $(if $(reference),counting,build) ## verify, requirement by requirement; reports in reports/out
	$(if $(reference),ONELINE_COVER=$(call quote,$(CURDIR)/bin/counts) bin/counting/oneline,$(ONELINE)) verify -out reports/out -format all $(if $(reference),-justifications justifications.json )$(flags)
	$(if $(reference),$(if $(strip $(flags)),,$(ONELINE) lock -check reports/out))

# Where specs are new or gone, the suite does not agree with the lock that it holds: code 4.
lock: build ## accept the specs and requirements as they are into srs.lock
	$(ONELINE) verify -out reports/out/lock || test $$? = 4
	$(ONELINE) lock reports/out/lock

.PHONY: counting
counting: build
	@rm -rf bin/counts
	$(ONELINE) cover -out bin/counts -packages .,./server,./client -- $(GO) build -buildvcs=auto -o bin/counting/oneline ./tools/oneline

# The suite mostly waits, so that more processes than processors do not disturb each other.
mutate: build ## which changes of the code the requirements would notice; reports in bin/mutation
	$(ONELINE) mutate -packages .,./server,./client -budget 10m -jobs 4 -justifications justifications.json -out bin/mutation -- $(GO) test -run '^TestRequirements$$' ./ver

# The faulty server must fail: its status is 1.
sample: build ## reports of the reference, and of a server with mistakes, in reports/out/sample
	$(ONELINE) verify -out reports/out/sample/reference -format all
	$(ONELINE) verify -launch 'python3 examples/faulty.py {addr}' -app sample -out reports/out/sample/faulty -format all; test $$? = 1

doit: build ## see a server and two clients at work
	@ONELINE=$(ONELINE) sh tools/doit.sh

selftest: build ## the suite against faulty servers and clients: each must be caught
	$(ONELINE) selftest -reports
	$(ONELINE) selftest -out reports/out/selftest

# The race detector needs a C compiler; go says whether there is one. A process under
# it lingers for a second before it exits, and the tests start many. With -trimpath, what
# tests build in folders of their own shares the cache with all else; lint vets.
test: export GOFLAGS := -trimpath -vet=off $(GOFLAGS)
test: ## all tests; in a browser too, where there is Chromium
	$(GO) -C tools/intoto test ./...
	GORACE="atexit_sleep_ms=0 $$GORACE" $(GO) test $$(test "$$($(GO) env CGO_ENABLED)" = 1 && echo -race) ./...
	@for browser in chromium chromium-browser google-chrome google-chrome-stable chrome; do \
		command -v $$browser >/dev/null && exec $(GO) -C tools/browser test -count=1 ./...; \
	done; echo "index.html is not tested in a browser: there is no Chromium on this machine"

bench: ## speed beside baselines, for benchstat, and whether the targets are met
	$(GO) test -count=1 -v -timeout 0 -run '^TestSpeed$$' ./tools/bench -rounds $(ROUNDS)

soak: ## the server under load and abuse, in full: what is lost, and left behind
	$(GO) -C server test -count=1 -timeout 15m -run '^TestSoak$$' -soak

# Go fuzzes one target of one package at a time.
fuzz: ## what reads the input of others, with random input; FUZZTIME= each
	@for file in $$(grep -rl --include='*_test.go' '^func Fuzz' . | sort); do \
		for name in $$(sed -n 's/^func \(Fuzz[A-Za-z]*\)(.*/\1/p' "$$file"); do \
			echo "$$file: $$name"; \
			$(GO) test "$$(dirname "$$file")" -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 100x || exit; \
		done; \
	done

lint: ## gofumpt, go vet, staticcheck, and govulncheck where its database can be had
	@unformatted=$$($(GO) tool -modfile=tools/lint/go.mod gofumpt -l $(filter-out bin/ dist/,$(wildcard *.go */))) || exit; \
	test -z "$$unformatted" || { echo "not formatted, run gofumpt -w on:"; echo "$$unformatted"; exit 1; }
	$(GO) vet ./...
	$(GO) tool -modfile=tools/lint/go.mod staticcheck ./...
	@if curl -sfL --max-time 10 -o /dev/null $(VULNDB)/index/db.json; then \
		$(GO) tool -modfile=tools/lint/go.mod govulncheck -db $(VULNDB) ./...; \
	else \
		echo "govulncheck is skipped: $(VULNDB) cannot be had"; \
	fi

doc: ## the documentation of every package as text files in docs/api
	GO=$(GO) sh tools/doc.sh docs/api

build: ## bin/oneline
	$(GO) build -buildvcs=auto -o bin/oneline ./tools/oneline

install: ## oneline to where go install puts it
	$(GO) install -buildvcs=auto ./tools/oneline

# The same commit, version, Go and tar give the same bytes. The linker ignores -X for a
# variable that does not exist, so the version is read back where the program runs.
PLATFORMS = linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64
ARCHIVED  = LICENSE README.md PROTOCOL.md CHANGELOG.md CONTRIBUTING.md docs/*.md docs/images/* examples/*.py examples/profiles/*.json

dist: ## archives of oneline for Linux, macOS and Windows, with checksums; GNU tar packs them
	@mkdir -p dist && rm -rf dist/oneline_* dist/SHA256SUMS
	@set -e; epoch=$${SOURCE_DATE_EPOCH:-$$(git log -1 --format=%ct)}; \
	for platform in $(PLATFORMS); do \
		os=$${platform%/*}; arch=$${platform#*/}; name=oneline_$(call quote,$(VERSION))_$${os}_$$arch; \
		program=oneline; test $$os != windows || program=oneline.exe; \
		CGO_ENABLED=0 GOOS=$$os GOARCH=$$arch $(GO) build -trimpath -ldflags "-s -w -X main.version="$(call quote,$(VERSION)) -o dist/$$name/$$program ./tools/oneline; \
		if test $$platform = $$($(GO) env GOHOSTOS)/$$($(GO) env GOHOSTARCH); then dist/$$name/$$program version | grep -F $(call quote,$(VERSION)) >/dev/null; fi; \
		tar --dereference --sort=name --owner=0 --group=0 --numeric-owner --mode=go=rX,u+w --mtime=@$$epoch --transform "s,^\./dist/$$name/,," --transform "s,^,$$name/," \
			-cf - ./dist/$$name/$$program $(ARCHIVED) | gzip -n >dist/$$name.tar.gz; \
		rm -r dist/$$name; echo dist/$$name.tar.gz; \
	done; cd dist && sha256sum oneline_*.tar.gz >SHA256SUMS

clean: ## remove what the other targets made
	rm -rf bin dist docs/api reports/out
