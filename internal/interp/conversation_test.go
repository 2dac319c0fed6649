package interp_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sfnx/sfnx/asl"
	"github.com/sfnx/sfnx/internal/interp"
	"github.com/sfnx/sfnx/internal/value"
)

var rewrite = flag.Bool("rewrite", false, "write the expectations of testdata anew, to be reviewed")

// TestConversations plays the files of testdata. A file is one idea told in one or more conversations:
//
//	# what the idea is
//	run seed=7 events=20 payload=300 variables=900 duration=1h visits=10 show=3
//	{"StartAt": ..., "States": ...}
//	input {"a":1}
//	T returns {"n":1} after 5s
//	T throws {"Error":"E","Cause":"c"}
//	T never answers
//	T is queued
//	T is refused because there is none
//	T submits {"id":7}
//	T beats after 1s 2s
//	T is taken by worker after 3s
//	M reads [{"Value":1,"Key":"k","Source":"s"}]
//	stop after 90s {"Error":"E"}
//	----
//	+0s 1<-0 ExecutionStarted {"a":1}
//	...
//	SUCCEEDED
//
// All lines but run and ---- can be left out; a conversation without a definition has the one before it. The answers of
// a task or Map Run are taken in turn, the last one again and again; submits, beats, is taken and reads say more about the
// answer in the line before. A task that is refused is that of an activity, a Map Run has an item refused. <x*300> stands for 300 times the character x.
// show=9 shows only the first nine events and the last three. The expectation ends at an empty line.
func TestConversations(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no conversations: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			list, err := parseConversations(string(text))
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			var anew []string
			for _, c := range list {
				got := c.play(t)
				anew = append(anew, c.asked+"----\n"+got)
				if !*rewrite && got != c.want {
					t.Errorf("%s:%d\n%s", file, c.line, differences(got, c.want))
				}
			}
			if *rewrite {
				if err := os.WriteFile(file, []byte(strings.Join(anew, "\n")), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// conversation is one run and what is expected of it.
type conversation struct {
	line    int
	asked   string // up to the line ----
	want    string
	machine *asl.Machine
	config  config
	show    int
	answers map[string][]answer
	stop    *interp.Stop
	stopAt  time.Duration
}

func parseConversations(text string) ([]*conversation, error) {
	var list []*conversation
	var c *conversation
	var machine *asl.Machine
	var definition, asked strings.Builder
	expecting := false
	for i, line := range strings.SplitAfter(text, "\n") {
		content := strings.TrimSuffix(line, "\n")
		if expecting && content != "" {
			c.want += line
			continue
		}
		if expecting {
			expecting, c = false, nil
			continue
		}
		asked.WriteString(line)
		var err error
		switch word, rest, _ := strings.Cut(content, " "); {
		case definition.Len() > 0 || strings.HasPrefix(content, "{"):
			definition.WriteString(expand(line))
			if text := definition.String(); json.Valid([]byte(text)) {
				machine, err = parseMachine(text)
				definition.Reset()
			}
		case content == "" || word == "#":
		case word == "run":
			c = &conversation{line: i + 1, config: config{start: epoch, input: "{}"}, answers: map[string][]answer{}}
			list = append(list, c)
			err = c.options(rest)
		case c == nil:
			err = errors.New("want a line that begins with run")
		case content == "----":
			if machine == nil {
				err = errors.New("there is no definition")
			}
			c.asked, c.machine, expecting = strings.TrimSuffix(asked.String(), line), machine, true
			asked.Reset()
		case word == "input":
			c.config.input = expand(rest)
		case word == "stop":
			err = c.stops(rest)
		default:
			err = c.answer(content)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	if asked.Len() > 0 {
		return nil, errors.New("the last conversation has no line ----")
	}
	return list, nil
}

func parseMachine(text string) (*asl.Machine, error) {
	m, found := asl.Parse([]byte(text), asl.Options{})
	if found.HasErrors() {
		return nil, found
	}
	return m, nil
}

func (c *conversation) options(text string) error {
	for _, option := range strings.Fields(text) {
		name, v, _ := strings.Cut(option, "=")
		var err error
		switch name {
		case "start":
			c.config.start, err = time.Parse(time.RFC3339Nano, v)
		case "seed":
			c.config.seed, err = strconv.ParseUint(v, 10, 64)
		case "events":
			c.config.limits.Events, err = strconv.Atoi(v)
		case "payload":
			c.config.limits.PayloadBytes, err = strconv.Atoi(v)
		case "variables":
			c.config.limits.Variables, err = strconv.Atoi(v)
		case "visits":
			c.config.limits.Visits, err = strconv.Atoi(v)
		case "asof":
			c.config.asOf, err = time.Parse(time.DateOnly, v)
		case "duration":
			c.config.limits.Duration, err = time.ParseDuration(v)
		case "show":
			c.show, err = strconv.Atoi(v)
		default:
			err = fmt.Errorf("the option %q is not known", name)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

var answerLine = regexp.MustCompile(`^(.+?) (returns|throws|never answers|is queued|is refused because)(?: (.*?))?(?: after ([0-9a-z]+))?$`)

// answer reads a line such as: T returns {"n":1} after 5s.
func (c *conversation) answer(line string) error {
	if parts := moreLine.FindStringSubmatch(line); parts != nil && len(c.answers[parts[1]]) > 0 {
		list := c.answers[parts[1]]
		return list[len(list)-1].more(parts[2], parts[3])
	}
	parts := answerLine.FindStringSubmatch(line)
	if parts == nil {
		return fmt.Errorf("%q is no line of a conversation", line)
	}
	var a answer
	var err error
	switch state, payload := parts[1], expand(parts[3]); parts[2] {
	case "returns":
		if a.output, err = value.Parse(payload); err != nil {
			return err
		}
	case "throws":
		a.kind = throws
		if a.err, a.cause, err = failure(payload); err != nil {
			return fmt.Errorf("%s: %w", state, err)
		}
	case "never answers":
		a.kind = never
	case "is queued":
		a.kind = queued
	case "is refused because":
		a.kind, a.message = refused, payload
	}
	if parts[4] != "" {
		if a.delay, err = time.ParseDuration(parts[4]); err != nil {
			return err
		}
	}
	c.answers[parts[1]] = append(c.answers[parts[1]], a)
	return nil
}

var moreLine = regexp.MustCompile(`^(.+?) (submits|beats after|is taken|reads) ?(.*)$`)

// more reads a line such as: T beats after 1s 2s.
func (a *answer) more(what, text string) (err error) {
	switch what {
	case "submits":
		a.submitted = new(value.Value)
		*a.submitted, err = value.Parse(text)
	case "beats after":
		for _, word := range strings.Fields(text) {
			d, err := time.ParseDuration(word)
			if err != nil {
				return err
			}
			a.beats = append(a.beats, d)
		}
	case "is taken":
		_, by, _ := strings.Cut(text, "by ")
		a.worker, _, _ = strings.Cut(by, " ")
		if _, after, ok := strings.Cut(text, "after "); ok {
			a.taken, err = time.ParseDuration(after)
		}
	case "reads":
		var list value.Value
		list, err = value.Parse(text)
		for _, v := range list.Items() {
			member := func(key string) value.Value {
				m, _ := v.Get(key)
				return m
			}
			a.items = append(a.items, interp.Item{Value: member("Value"), Key: member("Key").Str(), Source: member("Source").Str()})
		}
	}
	return err
}

// stops reads the rest of a line such as: stop after 90s {"Error":"E"}.
func (c *conversation) stops(text string) error {
	after, payload, _ := strings.Cut(strings.TrimPrefix(text, "after "), " ")
	at, err := time.ParseDuration(after)
	if err != nil {
		return err
	}
	c.stop, c.stopAt = &interp.Stop{}, at
	if payload != "" {
		c.stop.Error, c.stop.Cause, err = failure(payload)
	}
	return err
}

// failure reads {"Error": ..., "Cause": ...}; both may be absent.
func failure(text string) (err, cause *string, e error) {
	var f struct{ Error, Cause *string }
	if e := json.Unmarshal([]byte(text), &f); e != nil {
		return nil, nil, fmt.Errorf("want an object with Error and Cause: %w", e)
	}
	return f.Error, f.Cause, nil
}

// script gives the answers of each state in turn.
func (c *conversation) script(t fataler) func(state string) answer {
	calls := map[string]int{}
	return func(state string) answer {
		list := c.answers[state]
		if len(list) == 0 {
			t.Fatalf("the conversation of line %d has no answer for %q", c.line, state)
		}
		n := min(calls[state], len(list)-1)
		calls[state]++
		return list[n]
	}
}

// play runs the conversation twice, the second time with inputs that nobody waits for, and tells what happened.
func (c *conversation) play(t *testing.T) string {
	t.Helper()
	first := ""
	for _, stale := range []bool{false, true} {
		script := c.script(t)
		w := newWorld(t, interp.Compile(c.machine), c.config, func(s interp.ScheduleTask) answer { return script(s.State) })
		w.mapRun = func(s interp.StartMapRun) answer { return script(s.State) }
		w.stale = stale
		if c.stop != nil {
			w.stop = &pending{c.config.start.Add(c.stopAt), *c.stop}
		}
		w.run(1_000_000)
		for _, problem := range w.ledger.finish() {
			t.Errorf("line %d: %s", c.line, problem)
		}
		told := tell(w, c.show)
		if first == "" {
			first = told
		}
		if told != first {
			t.Errorf("line %d: inputs that nobody waits for change what happens\n%s", c.line, differences(told, first))
		}
	}
	return first
}

// differences shows two texts line by line.
func differences(got, want string) string {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	var out strings.Builder
	for i := range max(len(a), len(b)) {
		line := func(list []string) string {
			if i < len(list) {
				return list[i]
			}
			return ""
		}
		if line(a) == line(b) {
			out.WriteString("       " + line(a) + "\n")
			continue
		}
		out.WriteString("  got: " + line(a) + "\n want: " + line(b) + "\n")
	}
	return out.String()
}
