package fault

import (
	"encoding/json"
	"strings"
)

// fact is what a member of the document must be.
type fact struct {
	path string // keys with dots between them
	want any    // a string, a number, a truth, or nil for what is null or not there
}

// Tells wants a member in the document.
func (s *Scene) Tells(path string, want any) { s.facts = append(s.facts, fact{path, want}) }

// Also wants something more of the performance: check says what is wrong, "" if nothing is.
func (s *Scene) Also(check func(performance) string) { s.also = append(s.also, check) }

// facts compares a document with what it must tell.
func (v *Verdict) facts(where, text string, facts []fact) {
	for _, f := range facts {
		var at any
		if json.Unmarshal([]byte(text), &at) != nil {
			return // said already
		}
		for _, key := range strings.Split(f.path, ".") {
			object, _ := at.(map[string]any)
			at = object[key]
		}
		got, _ := json.Marshal(at)
		want, _ := json.Marshal(f.want)
		if string(got) != string(want) {
			v.problem("%s in %s is %.300s, want %.300s", f.path, where, got, want)
		}
	}
}
