// Package statefile is the format of the file that --state-file names: what a runner freezes before the first byte of a
// start is sent, so that one that is killed and restarted goes on with the same execution, and what became of it.
//
//	s, err := statefile.Parse(data)
//	data, err = s.JSON()
//
// It touches no file, and does not decide what a difference between a job and its file means.
package statefile

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/sfnx/sfnx/backend"
)

// Schema names the format.
const Schema = "sfnx.state/v1"

// State is one attempt of a job. All members are always there.
type State struct {
	Schema          string    `json:"schema"`
	ExecutionName   string    `json:"execution_name"` // without the attempt
	Attempt         int       `json:"attempt"`        // from 1
	Name            string    `json:"name"`           // of the execution: ExecutionName-Attempt
	StateMachineArn string    `json:"state_machine_arn"`
	Input           *string   `json:"input"`  // JSON text, byte for byte; nil: none is sent
	Frozen          time.Time `json:"frozen"` // when the above was settled

	ExecutionArn *string `json:"execution_arn"` // once it is known; that of an earlier attempt if it was adopted or redriven
	Status       *string `json:"status"`        // of that execution, as it was seen last
	ExitCode     *int    `json:"exit_code"`     // of the runner, once it has ended
}

// WholeName is the name of the execution of an attempt.
func WholeName(executionName string, attempt int) string {
	return executionName + "-" + strconv.Itoa(attempt)
}

// JSON is the file: two spaces of indentation, a newline at the end. It fails if a text is not UTF-8.
func (s State) JSON() ([]byte, error) {
	data, err := json.Marshal(s, jsontext.WithIndent("  "))
	return append(data, '\n'), err
}

// Parse reads a file that was written by JSON. Whatever else it holds is an error that says what, and where: a
// *jsontext.SyntacticError has the offset.
func Parse(data []byte) (State, error) {
	if len(data) == 0 {
		return State{}, errors.New("is empty; want a file that sfnx wrote, or none")
	}
	var members map[string]jsontext.Value
	if err := json.Unmarshal(data, &members); err != nil {
		return State{}, unreadable(err)
	}
	var schema string
	if err := json.Unmarshal(members["schema"], &schema); err != nil || schema != Schema {
		return State{}, fmt.Errorf("was not written by this sfnx: its schema is %s, want %q", orMissing(members["schema"]), Schema)
	}
	for _, key := range keys {
		if _, ok := members[key]; !ok {
			return State{}, fmt.Errorf("lacks the member %q", key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(members)) {
		if !slices.Contains(keys, key) {
			return State{}, fmt.Errorf("has a member %q, which is none of %s", key, Schema)
		}
	}
	var s State
	if err := json.Unmarshal(data, &s); err != nil {
		return State{}, unreadable(err)
	}
	return s, s.check()
}

// check wants the members to go together.
func (s State) check() error {
	switch {
	case s.Attempt < 1:
		return fmt.Errorf(`has "attempt" %d, want at least 1`, s.Attempt)
	case s.ExecutionName == "" || s.Name != WholeName(s.ExecutionName, s.Attempt):
		return fmt.Errorf(`has "name" %q, want that of attempt %d of %q`, s.Name, s.Attempt, s.ExecutionName)
	case s.StateMachineArn == "":
		return errors.New(`has an empty "state_machine_arn"`)
	}
	if err := backend.ValidateName(s.Name); err != nil {
		return fmt.Errorf(`has a "name" that %w`, err)
	}
	return nil
}

var keys = func() (names []string) {
	for field := range reflect.TypeFor[State]().Fields() {
		names = append(names, field.Tag.Get("json"))
	}
	return names
}()

func orMissing(v jsontext.Value) string {
	const limit = 60
	text := strings.TrimSpace(string(v))
	switch {
	case text == "":
		return "missing"
	case len(text) > limit:
		return text[:limit] + "..."
	}
	return text
}

// unreadable leaves the Go types out of an error.
func unreadable(err error) error {
	var semantic *json.SemanticError
	if !errors.As(err, &semantic) {
		return fmt.Errorf("is not JSON: %w", err)
	}
	if semantic.JSONPointer == "" {
		return errors.New("is no JSON object")
	}
	return fmt.Errorf("has a wrong value at %q", strings.TrimPrefix(string(semantic.JSONPointer), "/"))
}
