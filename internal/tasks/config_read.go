package tasks

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/sfnx/sfnx/backend/sim"
	"github.com/sfnx/sfnx/internal/value"
)

// ParseMockConfig reads a mock configuration. The error is a Problems with every mistake: unknown and repeated members,
// wrong types, ranges that overlap or leave a gap, answers that are neither or both of Return and Throw, and test cases
// that name a response which is not there. A response that no test case uses is allowed, as in AWS's own example.
func ParseMockConfig(text []byte) (*MockConfig, error) {
	if _, err := value.Parse(string(text)); err != nil {
		var syntax *value.SyntaxError
		if errors.As(err, &syntax) {
			return nil, Problems{{Line: syntax.Line, Column: syntax.Column, Message: "not valid JSON: " + syntax.Msg}}
		}
		return nil, fmt.Errorf("mock configuration: %w", err)
	}
	r := &configReader{
		text: string(text),
		// Results may hold what AWS would send: a repeated name, half of a surrogate pair.
		dec:       jsontext.NewDecoder(strings.NewReader(string(text)), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)),
		responses: map[string]*responses{},
	}
	config := r.config()
	r.link()
	if len(r.mistakes) > 0 {
		return nil, problems(r.text, r.mistakes)
	}
	return config, nil
}

// configReader reads a configuration whose syntax is known to be right.
type configReader struct {
	text      string
	dec       *jsontext.Decoder
	mistakes  []mistake
	responses map[string]*responses
	uses      []use
}

// use is a test case's mention of a response.
type use struct {
	place    place
	response string
	state    *responses // to be filled in
}

func (r *configReader) report(at place, format string, args ...any) {
	r.mistakes = append(r.mistakes, mistake{at, fmt.Sprintf(format, args...)})
}

// next is where the next token starts.
func (r *configReader) next() int {
	i := int(r.dec.InputOffset())
	for i < len(r.text) && strings.IndexByte(" \t\r\n,:", r.text[i]) >= 0 {
		i++
	}
	return i
}

// token reads one token. It cannot fail: the text has been parsed before.
func (r *configReader) token() jsontext.Token {
	t, err := r.dec.ReadToken()
	if err != nil {
		panic(fmt.Sprintf("tasks: two readers disagree on a mock configuration: %v", err))
	}
	return t
}

// raw reads one value, whatever it is.
func (r *configReader) raw() string {
	v, err := r.dec.ReadValue()
	if err != nil {
		panic(fmt.Sprintf("tasks: two readers disagree on a mock configuration: %v", err))
	}
	return string(v)
}

// skip passes over a value that cannot be used, and says what was wanted.
func (r *configReader) skip(at place, want string) {
	got := map[jsontext.Kind]string{'{': "an object", '[': "an array", '"': "a string", '0': "a number", 't': "true", 'f': "false", 'n': "null"}[r.dec.PeekKind()]
	r.report(at, "want %s, got %s", want, got)
	r.raw()
}

// object reads an object and hands each member's name and place to member, which reads its value. want is for the message
// if it is no object; the result says whether it was one.
func (r *configReader) object(at place, want string, member func(name string, at place)) bool {
	if r.dec.PeekKind() != '{' {
		r.skip(at, want)
		return false
	}
	r.token()
	seen := map[string]bool{}
	for r.dec.PeekKind() != '}' {
		at := place{offset: r.next()}
		name := r.token().String()
		at.pointer = string(r.dec.StackPointer())
		if seen[name] {
			r.report(at, "the name %q stands here a second time", name)
		}
		seen[name] = true
		member(name, at)
	}
	r.token()
	return true
}

// str reads a string.
func (r *configReader) str(at place, want string) (string, bool) {
	if r.dec.PeekKind() != '"' {
		r.skip(at, want)
		return "", false
	}
	return r.token().String(), true
}

// unknown reports a member that does not belong here.
func (r *configReader) unknown(at place, name string, names ...string) {
	r.report(at, "the member %q is not known here, %s", name, choose(name, names))
	r.raw()
}

func (r *configReader) config() *MockConfig {
	c := &MockConfig{}
	has := map[string]bool{}
	at := place{offset: r.next()}
	isObject := r.object(at, `an object with "StateMachines" and "MockedResponses"`, func(name string, at place) {
		has[name] = true
		switch name {
		case "StateMachines":
			r.object(at, "an object of state machines", func(name string, at place) { c.machines = append(c.machines, r.machine(name, at)) })
		case "MockedResponses":
			r.object(at, "an object of mocked responses", func(name string, at place) { r.responses[name] = r.response(name, at) })
		default:
			r.unknown(at, name, "StateMachines", "MockedResponses")
		}
	})
	for _, name := range []string{"StateMachines", "MockedResponses"} {
		if isObject && !has[name] {
			r.report(at, "the member %q is missing", name)
		}
	}
	return c
}

func (r *configReader) machine(name string, at place) mockedMachine {
	m := mockedMachine{name: name}
	has := false
	isObject := r.object(at, `an object with "TestCases"`, func(member string, at place) {
		if member != "TestCases" {
			r.unknown(at, member, "TestCases")
			return
		}
		has = true
		r.object(at, "an object of test cases", func(name string, at place) { m.cases = append(m.cases, r.testCase(name, at)) })
	})
	if isObject && !has {
		r.report(at, `the member "TestCases" is missing`)
	}
	return m
}

func (r *configReader) testCase(name string, at place) mockedCase {
	c := mockedCase{name: name}
	r.object(at, "an object of state names and the names of their mocked responses", func(state string, at place) {
		if response, ok := r.str(at, "the name of a mocked response"); ok {
			s := &responses{state: state, name: response}
			c.states = append(c.states, s)
			r.uses = append(r.uses, use{at, response, s})
		}
	})
	return c
}

// link gives each state of a test case its answers.
func (r *configReader) link() {
	var names []string
	for name := range r.responses {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, u := range r.uses {
		response, ok := r.responses[u.response]
		switch {
		case ok:
			u.state.spans = response.spans
		case len(names) == 0:
			r.report(u.place, "there is no mocked response %q: MockedResponses is empty", u.response)
		default:
			r.report(u.place, "there is no mocked response %q, %s", u.response, choose(u.response, names))
		}
	}
}

// response reads the answers of one mocked response. An empty one is allowed: nothing is wrong until a task asks it.
func (r *configReader) response(name string, at place) *responses {
	type entry struct {
		span
		first int
		key   string
		place place
	}
	var entries []entry
	r.object(at, `an object of invocations, such as "0" or "1-2", and their answers`, func(key string, at place) {
		answer := r.answer(at)
		first, last, ok := parseRange(key)
		if !ok {
			r.report(at, `want an invocation such as "0" or a range such as "1-2", counted from 0, got %q`, key)
			return
		}
		entries = append(entries, entry{span{last, answer}, first, key, at})
	})
	slices.SortStableFunc(entries, func(a, b entry) int { return cmp.Compare(a.first, b.first) })
	out := &responses{name: name}
	next, before := 0, ""
	for _, e := range entries {
		switch {
		case e.first < next:
			r.report(e.place, "the invocations %q overlap with %q", e.key, before)
		case e.first == next+1:
			r.report(e.place, "the invocation %d before %q has no answer", next, e.key)
		case e.first > next:
			r.report(e.place, "the invocations %d to %d before %q have no answer", next, e.first-1, e.key)
		}
		if e.last >= next {
			next, before = e.last+1, e.key
		}
		out.spans = append(out.spans, e.span)
	}
	return out
}

// maxInvocation bounds the numbers in a range.
const maxInvocation = 1_000_000_000

// parseRange reads "3" or "3-5".
func parseRange(key string) (first, last int, ok bool) {
	from, to, isRange := strings.Cut(key, "-")
	if first, ok = parseInvocation(from); !ok || !isRange {
		return first, first, ok
	}
	last, ok = parseInvocation(to)
	return first, last, ok && first <= last
}

func parseInvocation(s string) (int, bool) {
	n, err := strconv.Atoi(s)
	return n, err == nil && n >= 0 && n <= maxInvocation && strconv.Itoa(n) == s
}

// answer reads {"Return": ...} or {"Throw": ...}.
func (r *configReader) answer(at place) (answer sim.Answer) {
	const want = `an object with either "Return" or "Throw"`
	has := map[string]bool{}
	isObject := r.object(at, want, func(name string, at place) {
		has[name] = true
		switch name {
		case "Return":
			v, err := value.Parse(r.raw())
			if err != nil {
				r.report(at, "%v", err)
			}
			answer = sim.Return(v)
		case "Throw":
			answer = r.throw(at)
		default:
			r.unknown(at, name, "Return", "Throw")
		}
	})
	switch {
	case !isObject:
	case has["Return"] && has["Throw"]:
		r.report(at, "want %s, got both", want)
	case !has["Return"] && !has["Throw"]:
		r.report(at, "want %s, got neither", want)
	}
	return answer
}

// throw reads {"Error": ..., "Cause": ...}; both are required, as in AWS's own tool.
func (r *configReader) throw(at place) sim.Answer {
	texts := map[string]*string{}
	isObject := r.object(at, `an object with "Error" and "Cause"`, func(name string, at place) {
		if name != "Error" && name != "Cause" {
			r.unknown(at, name, "Error", "Cause")
			return
		}
		text, ok := r.str(at, "a string")
		texts[name] = &text
		if ok && name == "Error" && text == "" {
			r.report(at, "want the name of an error, got an empty string")
		}
	})
	for _, name := range []string{"Error", "Cause"} {
		if isObject && texts[name] == nil {
			r.report(at, "the member %q is missing", name)
		}
	}
	return sim.Throw(texts["Error"], texts["Cause"])
}
