# A short menu. Each line can be run by hand.
export CGO_ENABLED ?= 0
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)

.PHONY: build test spec lint bench conformance jsonata-suite faults faults-process fault schedules cuts kills signals waiting-costs soak storm reliability demo

build: ## one static binary: bin/sfnx
	go build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o bin/sfnx ./cmd/sfnx

test: ## everything CI checks
	go vet ./...
	CGO_ENABLED=1 go test -race $$(go list ./... | grep -v -e /features -e /conformance)
	go test -count=1 -v ./internal/conformance
	go test -count=1 -v -run Suite ./internal/jsonata
	CGO_ENABLED=1 go tool ginkgo -r -race --randomize-all --procs=2 features

spec: ## the specifications alone, with their table of exit codes
	go tool ginkgo -r --randomize-all --procs=2 features

lint: ## golangci-lint, pinned in tools/go.mod (its first build takes minutes)
	go tool -modfile=tools/go.mod golangci-lint run

bench: ## benchmarks beside the hot paths
	go test -run '^$$' -bench . -benchmem ./...

conformance: ## compare with recordings of the real service; CASE=id shows one, CONFORMANCE=DIR another folder, OUT=DIR keeps the results
	go test -count=1 -v -run Conformance ./internal/conformance

jsonata-suite: ## the public test suite of JSONata, if it is beside the repository
	@out=$$(go test -count=1 -v -run Suite ./internal/jsonata); status=$$?; echo "$$out" | grep -v '^jsonata suite'; echo "$$out" | grep '^jsonata suite'; exit $$status

faults: ## every named fault, twenty seeded timings each; the last line is for programs
	@go run ./internal/fault/faults -seeds 20

faults-process: build ## those that make sense with the real binary, three timings each
	@go run ./internal/fault/faults -seeds 3 -jobs 10 -binary bin/sfnx

schedules: ## up to five faults at once, drawn by chance
	@go run ./internal/fault/faults -only schedule/random -seeds 2000

fault: ## one of them again: make fault F=start/reset-after-accept SEED=7
	@go run ./internal/fault/faults -only $(F) -seed $(or $(SEED),1) -seeds 1 $(if $(BINARY),-binary $(BINARY))

cuts: ## the connection of StartExecution, cut at every byte of request and response
	@out=$$(cd internal/fault/cut && go test -count=1 -run EveryByte -everywhere); status=$$?; echo "$$out" | grep -v '^cuts '; echo "$$out" | grep '^cuts '; exit $$status

kills: build ## kill -9 at random moments, and the same job again
	@out=$$(cd internal/fault/process && go test -count=1 -run Killed -sfnx=$(CURDIR)/bin/sfnx -kills=200); status=$$?; echo "$$out" | grep -v '^kills='; echo "$$out" | grep '^kills='; exit $$status

signals: build ## TERM, INT and HUP at random moments
	@out=$$(cd internal/fault/process && go test -count=1 -run Signalled -sfnx=$(CURDIR)/bin/sfnx -signals=60); status=$$?; echo "$$out" | grep -v '^signals='; echo "$$out" | grep '^signals='; exit $$status

waiting-costs: build ## memory, CPU and connections of sfnx while it waits
	@out=$$(cd internal/fault/process && go test -count=1 -run Waiting -sfnx=$(CURDIR)/bin/sfnx -polls=5); status=$$?; echo "$$out" | grep -v '^waiting '; echo "$$out" | grep '^waiting '; exit $$status

soak: ## 10,000 runs in one process: goroutines, file descriptors and memory
	@out=$$(cd internal/fault/soak && go test -count=1 -timeout 30m -runs=10000); status=$$?; echo "$$out" | grep -v '^soak '; echo "$$out" | grep '^soak '; exit $$status

storm: ## up to 10,000 runners against the quota of DescribeExecution, for six virtual hours
	@out=$$(go test -count=1 -v -run Table ./internal/storm -args -hours 6 -runners 10000); status=$$?; echo "$$out" | grep -v '^storm '; echo "$$out" | grep '^storm '; exit $$status

reliability: build ## docs/reliability.md, from measurements made anew
	@mkdir -p out/figures
	@for t in cuts kills signals schedules storm waiting-costs soak; do \
		echo "$$t" >&2; $(MAKE) -s $$t > out/figures/$$t.log 2>&1 || { cat out/figures/$$t.log; exit 1; }; \
		tail -1 out/figures/$$t.log > out/figures/$$t.txt; \
	done
	@go run ./internal/fault/faults -seeds 20 -binary bin/sfnx -document docs/reliability.md -figures out/figures

demo: ## the example of the README
	go run ./cmd/sfnx simulate examples/order/order.asl.json --input @examples/order/order.input.json
