package archtest

// rule says what one package may import. Names are separated by blanks; those of this module are paths within it.
type rule struct {
	imports     string // of this module
	tests       string // further ones, in tests only
	modules     string // other modules, by prefix
	testModules string // further ones, in tests only
	bans        string // packages of the standard library, with all below them
}

// core never learns what time it is, what the world looks like, or what another run did.
const core = "os net log math/rand crypto/rand runtime sync context syscall"

// pure packages are never banned, though they stand below one that is.
const pure = "net/url net/netip"

// table has every package of the module.
var table = map[string]rule{
	"history": {bans: core},

	"internal/value":           {bans: core},
	"internal/jackson":         {tests: "internal/value", bans: core},
	"internal/secret":          {bans: "os net"},
	"internal/jsonpath":        {imports: "internal/value", bans: core},
	"internal/intrinsic":       {imports: "internal/value", bans: core},
	"internal/jsregex":         {bans: core},
	"internal/jsonata":         {imports: "internal/value internal/jsregex internal/jsonata/picture", bans: "os net log math/rand crypto/rand runtime context syscall"},
	"internal/jsonata/picture": {bans: core},
	"internal/expr":            {imports: "internal/value internal/jsonpath internal/intrinsic internal/jsonata", bans: core},

	"asl":              {imports: "internal/expr internal/jackson internal/value", modules: "github.com/go-json-experiment/json", bans: core},
	"internal/interp":  {imports: "asl history internal/expr internal/value", tests: "backend backend/sim", bans: core},
	"internal/simtime": {bans: core},
	"internal/dataset": {imports: "internal/value", modules: "github.com/go-json-experiment/json", bans: "net log math/rand crypto/rand runtime sync context syscall"},

	"backend":             {imports: "history", bans: "os net log"},
	"backend/backendtest": {imports: "backend history", bans: "os net"},
	"backend/aws": {
		imports: "backend history internal/secret",
		tests:   "backend/backendtest internal/fakeaws",
		modules: "github.com/aws/aws-sdk-go-v2 github.com/aws/smithy-go golang.org/x/net/http/httpproxy",
	},
	"backend/sim": {
		imports: "asl backend history internal/dataset internal/interp internal/jackson internal/simtime internal/value",
		tests:   "backend/backendtest",
		modules: "github.com/benbjohnson/clock",
		bans:    "os net log math/rand crypto/rand",
	},
	"internal/tasks": {
		imports: "asl backend/sim internal/value",
		tests:   "backend",
		modules: "github.com/go-json-experiment/json",
		bans:    "log", // a task can be a command or an HTTP endpoint
	},

	"fsm": {
		imports: "backend history internal/secret",
		modules: "github.com/looplab/fsm github.com/benbjohnson/clock github.com/go-json-experiment/json",
		bans:    "os net log",
	},
	"output": {imports: "backend fsm", tests: "history internal/secret", modules: "github.com/go-json-experiment/json", bans: "net log"},

	"internal/statefile": {imports: "backend", modules: "github.com/go-json-experiment/json", bans: core},

	"internal/cli": {
		imports:     "asl backend backend/aws backend/sim fsm history output internal/dataset internal/expr internal/interp internal/secret internal/simtime internal/statefile internal/sweep internal/tasks internal/value",
		tests:       "internal/fakeaws",
		modules:     "github.com/spf13/cobra github.com/spf13/pflag github.com/benbjohnson/clock github.com/go-json-experiment/json golang.org/x/term golang.org/x/sys",
		testModules: "github.com/rogpeppe/go-internal/testscript",
		bans:        "log",
	},
	"internal/heard": {bans: "net log fmt reflect context"}, // whatever it needs is initialised before it
	"cmd/sfnx":       {imports: "internal/cli internal/heard"},

	"internal/fault": {
		imports: "backend backend/aws internal/cli internal/fakeaws internal/secret internal/statefile",
		modules: "golang.org/x/net/dns/dnsmessage",
	},
	"internal/fault/faults": {imports: "internal/fault"},
	"internal/sweep":        {imports: "backend internal/simtime", tests: "internal/fakeaws", modules: "github.com/benbjohnson/clock", bans: "os net log"},
	"internal/storm":        {imports: "backend fsm internal/fakeaws internal/simtime", modules: "github.com/benbjohnson/clock"},
	"internal/fakeaws":      {imports: "backend history internal/secret", modules: "github.com/benbjohnson/clock", testModules: "github.com/aws/aws-sdk-go-v2"},
	"internal/fault/account": {
		imports: "asl backend backend/aws backend/sim history internal/cli internal/fakeaws",
		modules: "github.com/benbjohnson/clock",
	},
	"internal/fault/cut":     {tests: "internal/fakeaws internal/fault/account"},
	"internal/fault/process": {tests: "backend internal/cli internal/fakeaws internal/fault/account"},
	"internal/fault/soak":    {tests: "internal/fakeaws internal/fault/account"},
	"internal/conformance":   {imports: "asl backend backend/sim history internal/dataset internal/value"},
	"internal/archtest":      {},
	"internal/compatibility": {},
	"features": {
		tests:       "asl backend backend/aws backend/backendtest backend/sim fsm history output internal/cli internal/fakeaws internal/secret",
		testModules: "github.com/onsi/ginkgo/v2 github.com/onsi/gomega github.com/benbjohnson/clock",
	},
}

// anyTest may import these modules.
const anyTest = "github.com/google/go-cmp pgregory.net/rapid go.uber.org/goleak"

// timeless packages take the time as an argument and start no goroutine.
var timeless = []string{"history", "internal/value", "internal/statefile", "internal/jackson", "internal/jsonpath", "internal/intrinsic", "internal/jsregex", "internal/jsonata", "internal/jsonata/picture", "internal/expr", "asl", "internal/interp", "internal/simtime", "internal/dataset"}

// revealers may take the text out of a secret: they sign or send it.
var revealers = []string{"internal/secret", "backend/aws", "internal/fakeaws", "internal/fault/account"}
