package tasks

import (
	"errors"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/sfnx/sfnx/backend/sim"
	"github.com/sfnx/sfnx/internal/value"
)

// Mock is one answer of one state, as a --mock flag gives it.
type Mock struct {
	State  string
	answer sim.Answer
}

// MockUsage is the grammar of ParseMock, for help texts.
const MockUsage = `STATE=JSON            the task returns JSON
STATE=@FILE           the task returns the JSON in FILE
STATE=!ERROR          the task fails with ERROR, without a cause
STATE=!ERROR:CAUSE    the task fails with ERROR and the text CAUSE
STATE=never           the task is not answered: it runs into its timeout, or is answered by its task token
A STATE with a = in it, or a leading ", is written as a JSON string: "a=b"=JSON.
Several mocks of one state answer its invocations in order; the last one answers all further ones.`

// ParseMock reads one mock in the grammar of MockUsage. readFile opens @FILE; JSON is passed on as it was written.
func ParseMock(text string, readFile func(name string) ([]byte, error)) (Mock, error) {
	state, answer, err := cutState(text)
	if err != nil {
		return Mock{}, fmt.Errorf("mock %q: %w", text, err)
	}
	m := Mock{State: state}
	if failure, ok := strings.CutPrefix(answer, "!"); ok {
		name, cause, given := strings.Cut(failure, ":")
		if name == "" {
			return Mock{}, fmt.Errorf("mock of %q: want an error name after '!', as in %s=!My.Error:why it failed", state, state)
		}
		m.answer = sim.Throw(&name, nil)
		if given {
			m.answer = sim.Throw(&name, &cause)
		}
		return m, nil
	}
	if answer == "never" {
		m.answer = sim.Never()
		return m, nil
	}
	if file, ok := strings.CutPrefix(answer, "@"); ok {
		data, err := readFile(file)
		if err != nil {
			return Mock{}, fmt.Errorf("mock of %q: %w", state, err)
		}
		result, err := value.Parse(string(data))
		if err != nil {
			return Mock{}, fmt.Errorf("mock of %q: %s: %w", state, file, err)
		}
		m.answer = sim.Return(result)
		return m, nil
	}
	result, err := value.Parse(answer)
	if err != nil {
		return Mock{}, fmt.Errorf("mock of %q: %w (want JSON, @FILE, !ERROR, !ERROR:CAUSE or never after the '=')", state, err)
	}
	m.answer = sim.Return(result)
	return m, nil
}

// cutState takes STATE=ANSWER apart.
func cutState(text string) (state, answer string, err error) {
	if !strings.HasPrefix(text, `"`) {
		state, answer, ok := strings.Cut(text, "=")
		if !ok || state == "" {
			return "", "", errors.New("want STATE=JSON, STATE=@FILE, STATE=!ERROR, STATE=!ERROR:CAUSE or STATE=never")
		}
		return state, answer, nil
	}
	dec := jsontext.NewDecoder(strings.NewReader(text))
	name, err := dec.ReadToken()
	if err != nil {
		return "", "", fmt.Errorf("want a JSON string before the '=': %w", err)
	}
	state = name.String()
	answer, ok := strings.CutPrefix(text[dec.InputOffset():], "=")
	if !ok || state == "" {
		return "", "", fmt.Errorf(`want "STATE"=JSON after the quoted state name`)
	}
	return state, answer, nil
}
