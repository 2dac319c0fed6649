package compatibility

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// thing is what has a row: a field in its place, or something that needs none.
type thing struct{ name, where string }

func (it thing) String() string { return strings.TrimSpace(it.where + " " + it.name) }

// places are the objects of the language by the names of their field tables in asl.
var places = map[string]string{
	"machineFields": "machine", "branchFields": "branch", "processorFields": "ItemProcessor", "configFields": "ProcessorConfig",
	"readerFields": "ItemReader", "readingFields": "ReaderConfig", "batcherFields": "ItemBatcher", "resultFields": "ResultWriter",
	"writingFields": "WriterConfig", "retrierFields": "retrier", "catcherFields": "catcher", "ruleFields": "rule", "conditionFields": "condition",
}

func parse(t *testing.T, name string) *ast.File {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, filepath.FromSlash(name)), nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// values are the variables and constants of a file.
func values(file *ast.File) map[string]ast.Expr {
	out := map[string]ast.Expr{}
	for _, d := range file.Decls {
		if g, ok := d.(*ast.GenDecl); ok {
			for _, spec := range g.Specs {
				if v, ok := spec.(*ast.ValueSpec); ok && len(v.Values) > 0 {
					for _, name := range v.Names {
						out[name.Name] = v.Values[min(len(v.Values)-1, slices.Index(v.Names, name))]
					}
				}
			}
		}
	}
	return out
}

// texts are the string literals below a node.
func texts(n ast.Node) (out []string) {
	ast.Inspect(n, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if s, err := strconv.Unquote(lit.Value); err == nil {
				out = append(out, s)
			}
		}
		return true
	})
	return out
}

// languageFields are the field tables of asl.
func languageFields(t *testing.T) (out []thing) {
	file := values(parse(t, "asl/fields.go"))
	var types []string
	for line := range strings.Lines(strings.TrimSpace(texts(file["stateFields"])[0])) {
		cells := strings.Fields(line)
		if types == nil {
			types = cells[1:]
			continue
		}
		for i, use := range cells[1:] {
			if use != "-" {
				out = append(out, thing{cells[0], types[i]})
			}
		}
	}
	found := 0
	for variable, where := range places {
		v, ok := file[variable]
		if !ok {
			t.Errorf("asl/fields.go has no %s", variable)
			continue
		}
		found++
		for _, name := range texts(v) {
			out = append(out, thing{name, where})
		}
	}
	for variable := range file {
		if strings.HasSuffix(variable, "Fields") && variable != "stateFields" && places[variable] == "" {
			t.Errorf("asl/fields.go has %s, whose place this test does not know", variable)
		}
	}
	operators := values(parse(t, "asl/state_choice.go"))["operators"].(*ast.CompositeLit)
	for _, e := range operators.Elts {
		parts := e.(*ast.CompositeLit).Elts
		name := parts[0].(*ast.Ident).Name // asl: an operator's constant has its name
		out = append(out, thing{name, "condition"})
		if parts[2].(*ast.Ident).Name == "true" {
			out = append(out, thing{name + "Path", "condition"})
		}
	}
	return out
}

// reserved are the error names of the ASL specification and of AWS's guide, "Error names".
const reserved = `States.ALL States.BranchFailed States.DataLimitExceeded States.ExceedToleratedFailureThreshold States.HeartbeatTimeout
	States.Http.Socket States.Http.StatusCode.NNN States.IntrinsicFailure States.ItemReaderFailed States.NoChoiceMatched
	States.ParameterPathFailure States.Permissions States.QueryEvaluationError States.ResultPathMatchFailure
	States.ResultWriterFailed States.Runtime States.TaskFailed States.Timeout`

var errorName = regexp.MustCompile(`^(States|Lambda|StepFunctions|Sfn)\.[A-Z]\w+$`)

// errorNames are the reserved ones and all that the code raises or knows.
func errorNames(t *testing.T) []thing {
	names := strings.Fields(reserved)
	functions := intrinsicFunctions(t)
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		for _, s := range texts(parse(t, filepath.ToSlash(rel))) {
			if errorName.MatchString(s) && !slices.Contains(functions, thing{name: s}) {
				names = append(names, s)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	return named(slices.Compact(names))
}

func named(names []string) (out []thing) {
	for _, name := range names {
		out = append(out, thing{name: name})
	}
	return out
}

func intrinsicFunctions(t *testing.T) []thing {
	return named(slices.DeleteFunc(texts(values(parse(t, "internal/intrinsic/functions.go"))["functions"]), func(s string) bool { return !strings.HasPrefix(s, "States.") }))
}

// queryFunctions are the built-in functions of JSONata, each a name and a signature, and those of Step Functions.
func queryFunctions(t *testing.T) []thing {
	var names []string
	ast.Inspect(parse(t, "internal/jsonata/builtins.go"), func(n ast.Node) bool {
		if c, ok := n.(*ast.CompositeLit); ok && c.Type == nil && len(texts(c)) == 2 {
			names = append(names, "$"+texts(c)[0])
		}
		return true
	})
	for _, e := range values(parse(t, "internal/expr/dialect.go"))["dialect"].(*ast.CompositeLit).Elts {
		names = append(names, "$"+texts(e.(*ast.KeyValueExpr).Key)[0])
	}
	slices.Sort(names)
	return named(slices.Compact(names))
}

// serviceIntegrations are the actions of asl/resource.go in each of their patterns, and the kinds of resource that have no
// table.
func serviceIntegrations(t *testing.T) []thing {
	out := []thing{
		{"LambdaFunction", "request-response"}, {"Activity", "worker"},
		{"aws-sdk:SERVICE:ACTION", "request-response"}, {"aws-sdk:SERVICE:ACTION", ".waitForTaskToken"},
		{"aws-sdk:sfn:startExecution", "request-response"}, {"aws-sdk:sfn:sendTaskSuccess", "request-response"},
		{"aws-sdk:sfn:sendTaskFailure", "request-response"}, {"aws-sdk:sfn:sendTaskHeartbeat", "request-response"},
	}
	patterns := map[rune]string{'s': ".sync", '2': ".sync:2", 't': ".waitForTaskToken"}
	for _, e := range values(parse(t, "asl/resource.go"))["integrations"].(*ast.CompositeLit).Elts {
		service := e.(*ast.KeyValueExpr)
		for _, a := range service.Value.(*ast.CompositeLit).Elts {
			action := a.(*ast.KeyValueExpr)
			name := texts(service.Key)[0] + ":" + texts(action.Key)[0]
			out = append(out, thing{name, "request-response"})
			for _, letter := range texts(action.Value)[0] {
				out = append(out, thing{name, patterns[letter]})
			}
		}
	}
	return out
}

func eventTypes(t *testing.T) (out []thing) {
	for _, v := range values(parse(t, "history/type.go")) {
		out = append(out, named(texts(v))...)
	}
	return out
}

// diagnosticCodes are those of asl/diagnostic.go and those that AWS documents besides (ValidateStateMachineDefinitionDiagnostic).
func diagnosticCodes(t *testing.T) []thing {
	out := strings.Fields(`NO_DOLLAR NO_PATH PASS_RESULT_IS_STATIC MISSING_DESCRIPTION INVALID_RESOURCE STATE_MACHINE_NAME_EMPTY STATE_MACHINE_NAME_INVALID
		STATE_MACHINE_NAME_TOO_LONG STATE_MACHINE_NAME_ALREADY_EXISTS DUPLICATE_LABEL_NAME INVALID_LABEL_NAME
		INVALID_JSONATA_EXPRESSION UNSUPPORTED_JSONATA_EXPRESSION`)
	for name, v := range values(parse(t, "asl/diagnostic.go")) {
		if !strings.HasPrefix(name, "Severity") {
			out = append(out, texts(v)...)
		}
	}
	slices.Sort(out)
	return named(slices.Compact(out))
}

// operations are the API operations of the service (model 2016-11-23), which must hold all that backend calls.
func operations(t *testing.T) []thing {
	all := strings.Fields(`CreateActivity CreateStateMachine CreateStateMachineAlias DeleteActivity DeleteStateMachine DeleteStateMachineAlias
		DeleteStateMachineVersion DescribeActivity DescribeExecution DescribeMapRun DescribeStateMachine DescribeStateMachineAlias
		DescribeStateMachineForExecution GetActivityTask GetExecutionHistory ListActivities ListExecutions ListMapRuns ListStateMachineAliases
		ListStateMachineVersions ListStateMachines ListTagsForResource PublishStateMachineVersion RedriveExecution SendTaskFailure
		SendTaskHeartbeat SendTaskSuccess StartExecution StartSyncExecution StopExecution TagResource TestState UntagResource UpdateMapRun
		UpdateStateMachine UpdateStateMachineAlias ValidateStateMachineDefinition`)
	text, err := os.ReadFile(filepath.Join(root, "backend", "backend.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`(?m)^\t([A-Z]\w+)\(ctx context.Context`).FindAllStringSubmatch(string(text), -1) {
		if name := m[1]; name != "NextChange" && name != "Authenticate" && !slices.Contains(all, name) { // which are no operations
			t.Errorf("backend calls %s, which this test does not know", name)
		}
	}
	return named(all)
}
