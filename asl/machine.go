package asl

import "github.com/sfnx/sfnx/internal/expr"

// Position is a place in the text of a definition.
type Position struct {
	Offset int // bytes from the start
	Line   int // from 1
	Column int // from 1, in characters
}

// QueryLanguage is the language of a state's fields.
type QueryLanguage string

// The two query languages.
const (
	JSONPath QueryLanguage = "JSONPath"
	JSONata  QueryLanguage = "JSONata"
)

// Machine is a checked definition: immutable, every expression compiled, shared by all its executions.
type Machine struct {
	Comment        string
	QueryLanguage  QueryLanguage
	TimeoutSeconds int64 // 0: none
	Scope
}

// Scope is a set of states with a start: the machine, a branch of a Parallel, the processor of a Map.
type Scope struct {
	StartAt string
	States  []*State // in the order of the definition

	index map[string]*State // made by Parse
}

// State finds a state of this scope by name, nil if there is none.
func (s *Scope) State(name string) *State {
	if s.index != nil {
		return s.index[name]
	}
	for _, st := range s.States {
		if st.Name == name {
			return st
		}
	}
	return nil
}

// Type is the type of a state.
type Type string

// The eight state types.
const (
	PassType     Type = "Pass"
	TaskType     Type = "Task"
	ChoiceType   Type = "Choice"
	WaitType     Type = "Wait"
	SucceedType  Type = "Succeed"
	FailType     Type = "Fail"
	ParallelType Type = "Parallel"
	MapType      Type = "Map"
)

// State is one state: what all types share, and the Body of its type.
type State struct {
	Name          string
	Type          Type
	Comment       string
	QueryLanguage QueryLanguage
	Pos           Position // of the state's object
	Pointer       string   // AWS's location: /States/A, /States/P/Branches[0]/States/B

	InputPath  PathField // Task, Parallel, Map, Pass, Wait, Choice, Succeed
	OutputPath PathField
	ResultPath PathField // Task, Parallel, Map, Pass; always a reference path from $

	Parameters     expr.Payload   // Task, Parallel, Pass; in JSONata the Arguments of Task and Parallel; nil if absent
	ResultSelector *expr.Template // Task, Parallel, Map
	Output         *expr.Query    // JSONata only; nil if absent
	Assign         expr.Payload   // nil if absent

	Next string // empty for a terminal state and for Choice, Succeed, Fail
	End  bool

	// VariableReferences are the names of the workflow variables that the state's own fields read, sorted; assignments do
	// not count, and neither do the states inside a Parallel or Map.
	VariableReferences []string

	Retry []Retrier // Task, Parallel, Map
	Catch []Catcher

	Body Body
}

// PathField is InputPath, OutputPath or ResultPath: absent (the default $), null, or a path.
type PathField struct {
	Path *expr.Path // nil when absent or null
	Null bool
}

// Body is what belongs to one type only: *Pass, *Task, *Choice, *Wait, *Succeed, *Fail, *Parallel or *Map.
type Body interface{ body() }

// Pass is the body of a Pass state.
type Pass struct {
	Result *expr.Literal // nil if absent
}

// Task is the body of a Task state. Times are seconds; 0 and nil mean absent.
type Task struct {
	Resource             Resource
	TimeoutSeconds       int64
	TimeoutSecondsPath   *expr.Path
	HeartbeatSeconds     int64
	HeartbeatSecondsPath *expr.Path
	TimeoutQuery         *expr.Query // TimeoutSeconds as a JSONata expression
	HeartbeatQuery       *expr.Query
	Credentials          expr.Payload
}

// ResourceKind is how a Task reaches its worker.
type ResourceKind uint8

// The kinds of resource.
const (
	LambdaFunction ResourceKind = iota // arn:aws:lambda:REGION:ACCOUNT:function:NAME
	Activity                           // arn:aws:states:REGION:ACCOUNT:activity:NAME
	Integration                        // arn:aws:states:::SERVICE:ACTION[.PATTERN], aws-sdk and http included
)

// Pattern is the service integration pattern of an Integration.
type Pattern string

// The three patterns; a Sync resource keeps its own suffix (sync or sync:2).
const (
	RequestResponse  Pattern = ""
	Sync             Pattern = "sync"
	Sync2            Pattern = "sync:2"
	WaitForTaskToken Pattern = "waitForTaskToken"
)

// Resource is the Resource of a Task, taken apart.
type Resource struct {
	ARN     string
	Kind    ResourceKind
	Service string  // history's resourceType: "lambda", "aws-sdk:s3"
	Action  string  // history's resource: "invoke", "startExecution.sync:2"
	Pattern Pattern // part of Action after the first dot
}

// Choice is the body of a Choice state. Default is empty if absent.
type Choice struct {
	Choices []ChoiceRule
	Default string
}

// ChoiceRule is a top-level rule of a Choice state.
type ChoiceRule struct {
	Condition Condition   // JSONPath
	Query     *expr.Query // Condition in JSONata
	Assign    expr.Payload
	Output    *expr.Query // JSONata only
	Next      string
}

// Condition is *Comparison, And, Or or Not.
type Condition interface{ condition() }

// Comparison is a rule with a Variable and exactly one operator.
type Comparison struct {
	Variable *expr.Path
	Operator Operator
	Value    expr.Literal // the operand; zero if Path is set
	Path     *expr.Path   // the operand of a ...Path operator
}

// And is true if all its conditions are.
type And []Condition

// Or is true if one of its conditions is.
type Or []Condition

// Not is the opposite of its condition.
type Not struct{ Condition Condition }

// Operator is a comparison operator without the suffix Path.
type Operator string

// The operators of the specification.
const (
	BooleanEquals              Operator = "BooleanEquals"
	StringEquals               Operator = "StringEquals"
	StringLessThan             Operator = "StringLessThan"
	StringGreaterThan          Operator = "StringGreaterThan"
	StringLessThanEquals       Operator = "StringLessThanEquals"
	StringGreaterThanEquals    Operator = "StringGreaterThanEquals"
	StringMatches              Operator = "StringMatches"
	NumericEquals              Operator = "NumericEquals"
	NumericLessThan            Operator = "NumericLessThan"
	NumericGreaterThan         Operator = "NumericGreaterThan"
	NumericLessThanEquals      Operator = "NumericLessThanEquals"
	NumericGreaterThanEquals   Operator = "NumericGreaterThanEquals"
	TimestampEquals            Operator = "TimestampEquals"
	TimestampLessThan          Operator = "TimestampLessThan"
	TimestampGreaterThan       Operator = "TimestampGreaterThan"
	TimestampLessThanEquals    Operator = "TimestampLessThanEquals"
	TimestampGreaterThanEquals Operator = "TimestampGreaterThanEquals"
	IsNull                     Operator = "IsNull"
	IsPresent                  Operator = "IsPresent"
	IsNumeric                  Operator = "IsNumeric"
	IsString                   Operator = "IsString"
	IsBoolean                  Operator = "IsBoolean"
	IsTimestamp                Operator = "IsTimestamp"
)

// Wait is the body of a Wait state: exactly one of the four forms.
type Wait struct {
	Seconds       *int64
	Timestamp     *Timestamp
	SecondsPath   *expr.Path
	TimestampPath *expr.Path

	SecondsQuery   *expr.Query // Seconds as a JSONata expression
	TimestampQuery *expr.Query
}

// Succeed is the body of a Succeed state.
type Succeed struct{}

// Fail is the body of a Fail state. Nil means absent.
type Fail struct {
	Error     *string
	Cause     *string
	ErrorPath *expr.Expression // a path or an intrinsic call
	CausePath *expr.Expression

	ErrorQuery *expr.Query // Error as a JSONata expression
	CauseQuery *expr.Query
}

// Parallel is the body of a Parallel state.
type Parallel struct {
	Branches []*Scope
}

// Map is the body of a Map state.
type Map struct {
	ItemsPath           *expr.Path  // nil: $
	Items               *expr.Query // JSONata; nil: the input
	ItemSelector        expr.Payload
	MaxConcurrency      int64 // 0: as many as possible
	MaxConcurrencyPath  *expr.Path
	MaxConcurrencyQuery *expr.Query
	Processor           *Scope

	Distributed *Distributed // nil: inline

	ToleratedFailureCount           int64 // accepted on an inline Map, without effect there (recorded)
	ToleratedFailureCountPath       *expr.Path
	ToleratedFailureCountQuery      *expr.Query
	ToleratedFailurePercentage      float64
	ToleratedFailurePercentagePath  *expr.Path
	ToleratedFailurePercentageQuery *expr.Query
}

// Distributed is what only a Map in the mode DISTRIBUTED has: its iterations are executions of their own.
type Distributed struct {
	ExecutionType string // STANDARD or EXPRESS
	Label         string // empty: generated
	ItemReader    *ItemReader
	ItemBatcher   *ItemBatcher
	ResultWriter  *ResultWriter
}

// ItemReader says where the items are, if not in the input.
type ItemReader struct {
	Resource   string       // arn:aws:states:::s3:getObject or s3:listObjectsV2
	Parameters expr.Payload // Arguments in JSONata
	Config     ReaderConfig
}

// ReaderConfig says how items are read. Empty and 0 mean absent.
type ReaderConfig struct {
	InputType         string // CSV, JSON, JSONL, PARQUET or MANIFEST
	Transformation    string // NONE or LOAD_AND_FLATTEN
	ManifestType      string // ATHENA_DATA or S3_INVENTORY
	CSVDelimiter      string // COMMA, PIPE, SEMICOLON, SPACE or TAB
	CSVHeaderLocation string // FIRST_ROW or GIVEN
	CSVHeaders        []string
	ItemsPointer      string // RFC 6901
	MaxItems          int64
	MaxItemsPath      *expr.Path
	MaxItemsQuery     *expr.Query
}

// ItemBatcher groups items; 0 and nil mean absent.
type ItemBatcher struct {
	MaxItemsPerBatch           int64
	MaxItemsPerBatchPath       *expr.Path
	MaxInputBytesPerBatch      int64
	MaxInputBytesPerBatchPath  *expr.Path
	MaxItemsPerBatchQuery      *expr.Query
	MaxInputBytesPerBatchQuery *expr.Query
	BatchInput                 expr.Payload
}

// ResultWriter says where results go, and in which form.
type ResultWriter struct {
	Resource       string // arn:aws:states:::s3:putObject; empty: into the output of the state
	Parameters     expr.Payload
	Transformation string // NONE, COMPACT or FLATTEN; empty: NONE with a Resource, else COMPACT
	OutputType     string // JSON or JSONL; empty: JSON
}

func (*Pass) body()     {}
func (*Task) body()     {}
func (*Choice) body()   {}
func (*Wait) body()     {}
func (*Succeed) body()  {}
func (*Fail) body()     {}
func (*Parallel) body() {}
func (*Map) body()      {}

func (*Comparison) condition() {}
func (And) condition()         {}
func (Or) condition()          {}
func (*Not) condition()        {}

// Retrier is one entry of Retry, defaults filled in.
type Retrier struct {
	ErrorEquals     []string
	IntervalSeconds int64   // default 1
	MaxAttempts     int64   // default 3; counts retries, not runs
	BackoffRate     float64 // default 2.0
	MaxDelaySeconds int64   // 0: none
	FullJitter      bool    // JitterStrategy FULL
}

// Catcher is one entry of Catch.
type Catcher struct {
	ErrorEquals []string
	Next        string
	ResultPath  PathField
	Output      *expr.Query // JSONata only
	Assign      expr.Payload
}
