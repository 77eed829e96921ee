# A thin front for CMake; `make help` lists what there is.
# Each target that needs a build of its own has a preset of that name (CMakePresets.json).

PREFIX ?= /usr/local
MAKEFLAGS += --no-print-directory
JOBS ?= $(shell getconf _NPROCESSORS_ONLN)
FUZZ_SECONDS ?= 60

# `make` may run inside a job server of its own; the presets' builds get their number of jobs here.
BUILD = cmake --build --preset $(1) -j $(JOBS)

.PHONY: all build build-run run test wpt asan tsan bench fuzz coverage lint format symbols install clean help

all: build

# Configured once for each preset; after that CMake itself sees what changed.
build/CMakeCache.txt: CMakePresets.json
	cmake --preset dev
	@touch $@
build/%/CMakeCache.txt: CMakePresets.json
	cmake --preset $*
	@touch $@

build: build/CMakeCache.txt ## library, examples, tests and bench, in build/
	$(call BUILD,dev)

# Only what scripts/run needs.
build-run: build/CMakeCache.txt
	$(call BUILD,dev) --target test-server example-quickstart \
	  $(if $(shell grep -s XHR_QUICKJS:BOOL=ON build/CMakeCache.txt),xhr-command)

run: ## the main job: a local server, and examples/quickstart.c and .js against it
	scripts/run

test: build ## the whole test suite
	scripts/ctest dev

wpt: build/CMakeCache.txt ## web-platform-tests; DIR=xhr, FILTER=part of an address, JOBS=pages at once
	$(call BUILD,dev) --target xhr-command
	scripts/wpt $(DIR) $(if $(FILTER),--filter '$(FILTER)') \
	  $(if $(filter command%,$(origin JOBS)),--jobs $(JOBS))

asan: build/asan/CMakeCache.txt ## the test suite under clang's Address-, Leak- and UBSanitizer
	$(call BUILD,asan)
	scripts/ctest asan

tsan: build/tsan/CMakeCache.txt ## the tests of threads under clang's ThreadSanitizer
	$(call BUILD,tsan)
	scripts/ctest tsan

bench: build ## libxhr beside raw libcurl, as ratios
	scripts/bench

fuzz: build/fuzz/CMakeCache.txt ## every fuzzer for FUZZ_SECONDS (60)
	$(call BUILD,fuzz)
	scripts/fuzz $(FUZZ_SECONDS)

coverage: build/coverage/CMakeCache.txt ## the test suite with gcov; lines covered by file
	$(call BUILD,coverage)
	scripts/ctest coverage
	scripts/coverage

lint: build ## formatting, clang-tidy, cppcheck, and the project's own rules
	tests/lint/run

format: ## clang-format on every C file
	scripts/format

symbols: build ## writes the list of exported symbols anew
	tests/lint/symbols.py --write build/libxhr.so

install: build/release/CMakeCache.txt ## into PREFIX (/usr/local) below DESTDIR
	cmake --preset release -DCMAKE_INSTALL_PREFIX="$(PREFIX)"
	$(call BUILD,release)
	DESTDIR="$(DESTDIR)" cmake --install build/release

clean: ## removes build/
	rm -rf build

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r target text; do \
	  printf '  make %-9s %s\n' "$$target" "$$text"; done
