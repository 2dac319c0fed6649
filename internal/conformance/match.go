package conformance

import (
	"fmt"
	"math"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sfnx/sfnx/internal/value"
)

// matcher compares recorded values with actual ones. The recorder replaced ids, names, times and ARNs by placeholders and
// parsed JSON texts; the matcher undoes that.
type matcher struct {
	bindings []value.Member  // recorded text -> concrete text, the longest first
	wild     map[string]bool // strings that, as a whole, match anything
	literal  map[string]bool // what looks like a placeholder, but the user wrote it
}

var (
	isoDate = regexp.MustCompile(`(?:[1-9]\d{3}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)|(?:[1-9]\d(?:0[48]|[2468][048]|[13579][26])|(?:[2468][048]|[13579][26])00)-02-29)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-][01]\d:?(?:[0-5]\d)?)`)
	anyDate = regexp.MustCompile(`^\d{4}-\d\d-\d\d|^\w{3}, \d\d \w{3} \d{4}`)
	// placeholder is <word>, <<word>:1> or <word:1>.
	placeholder      = regexp.MustCompile(`<<[A-Za-z][^<>]*>:\d+>|<[A-Za-z][^<>]{0,80}>`)
	wholePlaceholder = regexp.MustCompile(`^(?:<<[A-Za-z][^<>]*>:\d+>|<[A-Za-z][^<>]{0,80}>)$`)
)

// selfNamed members were recorded with their name as value.
var selfNamed = []string{"x-amzn-RequestId", "x-amzn-requestid", "x-amz-crc32", "X-Amzn-Trace-Id", "RequestId"}

// jsonMembers hold JSON in a string.
var jsonMembers = []string{"input", "output", "result", "parameters", "cause", "definition"}

func newMatcher(c *Case) *matcher {
	m := &matcher{wild: map[string]bool{"datetime": true, "timestamp": true}, literal: map[string]bool{}}
	bindings := member(c.Document, "bindings")
	for i := range bindings.Len() {
		recorded, concrete := bindings.Member(i)
		m.bindings = append(m.bindings, value.Member{Key: recorded, Value: concrete})
	}
	slices.SortStableFunc(m.bindings, func(a, b value.Member) int { return utf8.RuneCountInString(b.Key) - utf8.RuneCountInString(a.Key) })
	for _, p := range member(c.Document, "placeholders").Items() {
		m.wild[p.Str()] = true
	}
	for _, p := range placeholder.FindAllString(member(c.Document, "definition").Str()+member(c.Document, "input").Str(), -1) {
		m.literal[p] = true
	}
	return m
}

func (m *matcher) bind(s string) string {
	for _, b := range m.bindings {
		s = strings.ReplaceAll(s, b.Key, b.Value.Str())
	}
	return s
}

func mismatch(path string, want, got value.Value) error {
	return fmt.Errorf("%s: expected %s, got %s", path, cut(want.String()), cut(got.String()))
}

// cut shortens a text for a message.
func cut(s string) string {
	const most = 240
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "..."
}

// match compares two values; key is the name of the member that they are, "" if none.
func (m *matcher) match(want, got value.Value, path, key string) error {
	if want.Kind() == value.StringKind {
		return m.matchRecordedString(want, got, path, key)
	}
	if s := got.Str(); got.Kind() == value.StringKind && (strings.HasPrefix(s, "{") || strings.HasPrefix(s, "[") || slices.Contains(jsonMembers, key)) {
		parsed, err := value.Parse(s)
		if err != nil {
			return fmt.Errorf("%s: expected %s, got text %s", path, cut(want.String()), cut(s))
		}
		got = parsed
	}
	switch {
	case want.Kind() == value.ObjectKind && got.Kind() == value.ObjectKind:
		return m.matchObject(want, got, path)
	case want.Kind() == value.ArrayKind && got.Kind() == value.ArrayKind:
		return m.matchArray(want, got, path)
	case want.Kind() == value.NumberKind && got.Kind() == value.NumberKind:
		if sameNumber(want, got) {
			return nil
		}
	case want.Kind() == value.BoolKind || want.IsNull():
		if want.Kind() == got.Kind() && want.Bool() == got.Bool() {
			return nil
		}
	}
	return mismatch(path, want, got)
}

func (m *matcher) matchRecordedString(want, got value.Value, path, key string) error {
	s := want.Str()
	if got.Kind() == value.StringKind {
		return m.matchStrings(s, got.Str(), path, key)
	}
	if m.wild[s] || s == "date" || wholePlaceholder.MatchString(s) {
		return nil
	}
	if slices.Contains(jsonMembers, key) {
		if parsed, err := value.Parse(m.bind(s)); err == nil {
			return m.match(parsed, got, path+"(json)", "")
		}
	}
	return mismatch(path, want, got)
}

func (m *matcher) matchStrings(want, got, path, key string) error {
	if want == got || m.wild[want] {
		return nil
	}
	w, g := isoDate.ReplaceAllLiteralString(m.bind(want), "date"), isoDate.ReplaceAllLiteralString(got, "date")
	switch {
	case w == g,
		want == "date" && (g == "date" || anyDate.MatchString(got)),
		want == key && slices.Contains(selfNamed, want),
		placeholder.MatchString(w) && m.matchPlaceholders(w, g):
		return nil
	}
	if slices.Contains(jsonMembers, key) && startsJSON(w) && startsJSON(g) {
		pw, err1 := value.Parse(w)
		pg, err2 := value.Parse(g)
		if err1 == nil && err2 == nil {
			return m.match(pw, pg, path+"(json)", "")
		}
	}
	return fmt.Errorf("%s: expected %q, got %q", path, cut(w), cut(got))
}

func startsJSON(s string) bool {
	return s != "" && strings.ContainsRune("[{\"tfn0123456789-", rune(s[0]))
}

// matchPlaceholders lets each placeholder stand for any text.
func (m *matcher) matchPlaceholders(want, got string) bool {
	var parts []string
	from := 0
	for _, at := range placeholder.FindAllStringIndex(want, -1) {
		if m.literal[want[at[0]:at[1]]] {
			continue
		}
		parts = append(parts, want[from:at[0]])
		from = at[1]
	}
	return matchesParts(append(parts, want[from:]), got)
}

// matchesParts reports whether s is the parts in their order, with any text between them.
func matchesParts(parts []string, s string) bool {
	last := len(parts) - 1
	if last == 0 {
		return s == parts[0]
	}
	s, ok := strings.CutPrefix(s, parts[0])
	if !ok {
		return false
	}
	for _, p := range parts[1:last] {
		if _, s, ok = strings.Cut(s, p); !ok {
			return false
		}
	}
	return strings.HasSuffix(s, parts[last])
}

func (m *matcher) matchArray(want, got value.Value, path string) error {
	w, g := want.Items(), got.Items()
	if len(w) != len(g) {
		return fmt.Errorf("%s: expected %d elements, got %d: %s / %s", path, len(w), len(g), cut(want.String()), cut(got.String()))
	}
	for i := range w {
		if err := m.match(w[i], g[i], fmt.Sprintf("%s[%d]", path, i), ""); err != nil {
			return err
		}
	}
	return nil
}

func (m *matcher) matchObject(want, got value.Value, path string) error {
	var members []value.Member
	for i := range want.Len() {
		k, v := want.Member(i)
		members = append(members, value.Member{Key: m.bind(k), Value: v})
	}
	want = value.Object(members...)
	var plain, wild, missing []string
	for _, k := range want.Keys() {
		switch {
		case placeholder.MatchString(k):
			wild = append(wild, k)
		case has(got, k):
			plain = append(plain, k)
		default:
			missing = append(missing, k)
		}
	}
	if len(missing) > 0 {
		slices.Sort(missing)
		return fmt.Errorf("%s: missing %q", path, missing)
	}
	var extra []string
	for _, k := range got.Keys() {
		if !has(want, k) {
			extra = append(extra, k)
		}
	}
	slices.Sort(wild)
	for _, k := range wild {
		i := slices.IndexFunc(extra, func(x string) bool { return matchesParts(placeholder.Split(k, -1), x) })
		if i < 0 {
			return fmt.Errorf("%s: missing %q", path, k)
		}
		actual := extra[i]
		extra = slices.Delete(extra, i, i+1)
		if err := m.match(member(want, k), member(got, actual), path+"."+k, k); err != nil {
			return err
		}
	}
	if len(extra) > 0 {
		slices.Sort(extra)
		return fmt.Errorf("%s: unexpected %q", path, extra)
	}
	for _, k := range plain {
		v := member(want, k)
		if v.Str() == "timestamp" && strings.Contains(strings.ToLower(k), "timestamp") {
			continue
		}
		if err := m.match(v, member(got, k), path+"."+k, k); err != nil {
			return err
		}
	}
	return nil
}

// sameNumber compares whole numbers exactly, others up to the last digits of a double. 1 and 1.0 are the same.
func sameNumber(a, b value.Value) bool {
	x, y := exact(a), exact(b)
	if x != nil && y != nil && x.Cmp(y) == 0 {
		return true
	}
	f, g := a.Float64(), b.Float64()
	return isFloat(a) && isFloat(b) && math.Abs(f-g) <= 1e-12*math.Max(math.Abs(f), math.Abs(g))
}

func isFloat(v value.Value) bool { return strings.ContainsAny(v.JSON(), ".eE") }

// exact is the number that a double or a whole number of any size is; nil beyond the doubles.
func exact(v value.Value) *big.Rat {
	if !isFloat(v) {
		n, _ := new(big.Rat).SetString(v.JSON())
		return n
	}
	return new(big.Rat).SetFloat64(v.Float64())
}
