package conformance

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sfnx/sfnx/internal/value"
)

// Kind is what a case is about.
type Kind string

// The kinds of cases.
const (
	Execution     Kind = "execution"
	SyncExecution Kind = "sync-execution"
	Validate      Kind = "validate"
	TestState     Kind = "test-state"
	API           Kind = "api"
)

// Case is one recording.
type Case struct {
	ID   string
	Kind Kind
	Skip string // why the case must not be scored; usually empty
	// Document is the whole case; its members are read by name.
	Document value.Value
}

// Load reads all cases below a folder, in the order of their paths.
func Load(dir string) ([]*Case, error) {
	var cases []*Case
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) != ".json" {
			return err
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		c, err := ParseCase(string(text))
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		cases = append(cases, c)
		return nil
	})
	if err == nil && len(cases) == 0 {
		err = fmt.Errorf("there are no cases (*.json) below %s", dir)
	}
	return cases, err
}

// ParseCase reads one case.
func ParseCase(text string) (*Case, error) {
	doc, err := value.Parse(text)
	if err != nil {
		return nil, err
	}
	c := &Case{ID: member(doc, "id").Str(), Kind: Kind(member(doc, "kind").Str()), Skip: member(doc, "skip").Str(), Document: doc}
	if c.ID == "" {
		return nil, fmt.Errorf(`it has no "id"`)
	}
	if !slices.Contains([]Kind{Execution, SyncExecution, Validate, TestState, API}, c.Kind) {
		return nil, fmt.Errorf("its kind is %q", c.Kind)
	}
	return c, nil
}

// Area is the part of the service that a case is about: the first word of its name.
func (c *Case) Area() string {
	_, name, _ := strings.Cut(c.ID, "/")
	name, _, _ = strings.Cut(name, "__")
	area, _, _ := strings.Cut(name, ".")
	return area
}

// expect is what was recorded.
func (c *Case) expect() value.Value { return member(c.Document, "expect") }

// text is a member of the case that is a string; nil if it is absent or null.
func (c *Case) text(name string) *string {
	v := member(c.Document, name)
	if v.Kind() != value.StringKind {
		return nil
	}
	s := v.Str()
	return &s
}

// member is a member of an object, null if there is none.
func member(v value.Value, name string) value.Value {
	if m, ok := v.Get(name); ok {
		return m
	}
	return value.Null()
}

func has(v value.Value, name string) bool {
	_, ok := v.Get(name)
	return ok
}
