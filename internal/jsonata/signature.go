package jsonata

import (
	"strings"

	"github.com/sfnx/sfnx/internal/value"
)

// signature says what arguments a function takes: <s-nn?:s>.
type signature struct {
	params []param
	plain  bool // no parameter is optional, repeated or taken from the context
}

// param is one parameter: a set of types, and how often.
type param struct {
	types    string // letters that it takes, m is a missing value
	typ      string // as written
	subtype  string // of the elements of an array
	context  bool   // taken from the context if it is missing
	optional bool
	repeated bool
}

var plurals = map[string]string{"a": "arrays", "b": "booleans", "f": "functions", "n": "numbers", "o": "objects", "s": "strings"}

// parseSignature reads a signature with its angle brackets. Positions of errors count from its start.
func parseSignature(text string) (*signature, *Error) {
	s := &signature{}
	last := func() *param {
		if len(s.params) == 0 {
			return &param{}
		}
		return &s.params[len(s.params)-1]
	}
	for i := 1; i < len(text) && text[i] != ':'; i++ {
		switch c := text[i]; c {
		case 's', 'n', 'b', 'l', 'o':
			s.params = append(s.params, param{types: text[i:i+1] + "m", typ: text[i : i+1]})
		case 'a', 'x':
			s.params = append(s.params, param{types: "asnblfom", typ: text[i : i+1]})
		case 'f':
			s.params = append(s.params, param{types: "f", typ: "f"})
		case 'j':
			s.params = append(s.params, param{types: "asnblom", typ: "j"})
		case '-':
			last().context, last().optional = true, true
		case '?':
			last().optional = true
		case '+':
			last().repeated = true
		case '(':
			end := closing(text, i, '(', ')')
			choice := text[i+1 : end]
			if strings.Contains(choice, "<") {
				return nil, &Error{Code: "S0402", Position: i, value: value.String(choice)}
			}
			s.params = append(s.params, param{types: choice + "m", typ: "(" + choice + ")"})
			i = end
		case '<':
			if t := last().typ; t != "a" && t != "f" {
				return nil, &Error{Code: "S0401", Position: i, value: value.String(t)}
			}
			end := closing(text, i, '<', '>')
			last().subtype = text[i+1 : end]
			i = end
		}
	}
	s.plain = true
	for _, p := range s.params {
		s.plain = s.plain && !p.optional && !p.repeated
	}
	return s, nil
}

func mustSignature(text string) *signature {
	s, err := parseSignature(text)
	if err != nil {
		panic("jsonata: signature " + text)
	}
	return s
}

// closing is the place of the bracket that balances the one at start, or the end of the text.
func closing(text string, start int, open, shut byte) int {
	for i, depth := start+1, 1; i < len(text); i++ {
		switch text[i] {
		case shut:
			if depth--; depth == 0 {
				return i
			}
		case open:
			depth++
		}
	}
	return len(text)
}

// letters are the types as a signature writes them.
var letters = [...]byte{
	value.UndefinedKind: 'm', value.NullKind: 'l', value.BoolKind: 'b', value.NumberKind: 'n', value.StringKind: 's', value.ArrayKind: 'a',
	value.ObjectKind: 'o', value.OpaqueKind: 'f',
}

func (p *param) takes(v value.Value) bool { return strings.IndexByte(p.types, letters[v.Kind()]) >= 0 }

// fit assigns args to parameters from number at on, as many as it can take first, and notes how many each got.
func (s *signature) fit(at int, args []value.Value, counts []int) bool {
	if at == len(s.params) {
		return len(args) == 0
	}
	p := &s.params[at]
	most := 0
	for most < len(args) && (p.repeated || most == 0) && p.takes(args[most]) {
		most++
	}
	least := 1
	if p.optional {
		least = 0
	}
	for n := most; n >= least; n-- {
		counts[at] = n
		if s.fit(at+1, args[n:], counts) {
			return true
		}
	}
	return false
}

// validate checks the arguments and fills in what the context or an array of one stands for. It may change args.
func (s *signature) validate(args []value.Value, context value.Value) ([]value.Value, *Error) {
	if s.plain && len(args) == len(s.params) {
		fits := true
		for i := range args {
			fits = fits && s.params[i].takes(args[i])
		}
		if fits {
			for i := range args {
				if s.params[i].typ == "a" {
					if err := s.params[i].array(&args[i], "", i); err != nil {
						return nil, err
					}
				}
			}
			return args, nil
		}
	}
	var room [8]int
	counts := room[:min(len(s.params), len(room))]
	if len(s.params) > len(room) {
		counts = make([]int, len(s.params))
	}
	if !s.fit(0, args, counts) {
		return nil, s.mismatch(args)
	}
	out := make([]value.Value, 0, max(len(args), len(s.params)))
	next := 0
	for i := range s.params {
		p := &s.params[i]
		if counts[i] == 0 {
			if p.context {
				if !p.takes(context) {
					return nil, &Error{Code: "T0411", value: context, index: next + 1}
				}
				out = append(out, context)
				continue
			}
			out = append(out, arg(args, next))
			next++
			continue
		}
		matched := args[next : next+counts[i]]
		for k := range matched {
			v := matched[k]
			if p.typ == "a" {
				of := ""
				if len(matched) > 1 {
					of = "*" // the reference compares the whole run of types with the subtype
				}
				if err := p.array(&v, of, next); err != nil {
					return nil, err
				}
			}
			out = append(out, v)
			next++
		}
	}
	return out, nil
}

// array checks the elements of an array and makes an array of anything else.
func (p *param) array(v *value.Value, run string, at int) *Error {
	if v.Kind() == value.UndefinedKind {
		return nil
	}
	ok := true
	if p.subtype != "" {
		if v.Kind() != value.ArrayKind {
			ok = run == "" && p.subtype == string(letters[v.Kind()])
		} else {
			for _, item := range v.Items() {
				if letters[item.Kind()] != p.subtype[0] {
					ok = false
					break
				}
			}
		}
	}
	if !ok {
		return &Error{Code: "T0412", value: *v, index: at + 1, word: plurals[p.subtype]}
	}
	if v.Kind() != value.ArrayKind {
		*v = value.Array(*v)
	}
	return nil
}

// mismatch names the first argument that does not fit.
func (s *signature) mismatch(args []value.Value) *Error {
	good := 0
	for n := 1; n <= len(s.params); n++ {
		prefix := signature{params: s.params[:n]}
		reach := prefix.reach(0, args, 0)
		if reach < 0 {
			break
		}
		good = reach
	}
	return &Error{Code: "T0410", value: arg(args, good), index: good + 1}
}

// reach is how many arguments the parameters match from the left, or -1.
func (s *signature) reach(at int, args []value.Value, used int) int {
	if at == len(s.params) {
		return used
	}
	p := &s.params[at]
	most := 0
	for used+most < len(args) && (p.repeated || most == 0) && p.takes(args[used+most]) {
		most++
	}
	least := 1
	if p.optional {
		least = 0
	}
	for n := most; n >= least; n-- {
		if r := s.reach(at+1, args, used+n); r >= 0 {
			return r
		}
	}
	return -1
}

// arg is argument i, undefined if there are fewer.
func arg(args []value.Value, i int) value.Value {
	if i < len(args) {
		return args[i]
	}
	return value.Value{}
}
