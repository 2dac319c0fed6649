package jsonata

import (
	"fmt"

	"github.com/sfnx/sfnx/internal/value"
)

// maxNesting bounds the depth of the syntax tree, and with it the recursion of everything that walks one.
const maxNesting = 1000

// powers are the left binding powers of the infix operators.
var powers = map[string]int{
	".": 75, "[": 80, "{": 70, "(": 80, "@": 80, "#": 80, "?": 20, "+": 50, "-": 50, "*": 60, "/": 60, "%": 60, "=": 40, "<": 40, ">": 40,
	"^": 40, ":=": 10, "!=": 40, "<=": 40, ">=": 40, "~>": 40, "?:": 40, "??": 40, "and": 30, "or": 25, "in": 40, "&": 50,
}

// parser is Pratt's: each token knows how it starts an expression and how it continues one.
type parser struct {
	lexer
	tok   token
	depth int
}

// parse reads a whole expression into the tree as it is written.
func parse(src string) (*ast, *Error) {
	p := &parser{lexer: lexer{src: src}}
	if err := p.advance(false); err != nil {
		return nil, err
	}
	n, err := p.expression(0)
	if err != nil {
		return nil, err
	}
	if p.tok.kind != endToken {
		return nil, p.fail("S0201")
	}
	return n, nil
}

func (p *parser) fail(code string) *Error {
	shown := p.tok.shown()
	return &Error{Code: code, Position: p.tok.pos, Token: textOf(shown), token: shown}
}

// textOf is a token as Error.Token shows it.
func textOf(v value.Value) string {
	if v.Kind() == value.StringKind {
		return v.Str()
	}
	return v.String()
}

func (p *parser) advance(infix bool) *Error {
	t, err := p.next(infix)
	if err != nil {
		return err
	}
	p.tok = t
	if t.kind == operatorToken && (t.text == "!" || t.text == "~") {
		return p.fail("S0204")
	}
	return nil
}

func (p *parser) at(op string) bool { return p.tok.kind == operatorToken && p.tok.text == op }

// expect passes an operator.
func (p *parser) expect(op string, infix bool) *Error {
	if !p.at(op) {
		err := p.fail("S0202")
		if p.tok.kind == endToken {
			err.Code = "S0203"
		}
		err.value = value.String(op)
		return err
	}
	return p.advance(infix)
}

func (p *parser) power() int {
	if p.tok.kind != operatorToken {
		return 0
	}
	return powers[p.tok.text]
}

func (p *parser) expression(power int) (*ast, *Error) {
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > maxNesting {
		return nil, &Error{Code: CodeDepth, Position: p.tok.pos}
	}
	t := p.tok
	if err := p.advance(true); err != nil {
		return nil, err
	}
	left, err := p.start(t)
	for {
		if err != nil {
			return nil, err
		}
		if left.measure(); left.depth > maxNesting {
			return nil, &Error{Code: CodeDepth, Position: t.pos}
		}
		if power >= p.power() {
			return left, nil
		}
		t = p.tok
		if err = p.advance(false); err == nil {
			left, err = p.follow(t, left)
		}
	}
}

// start reads an expression that begins with t.
func (p *parser) start(t token) (*ast, *Error) {
	n := &ast{text: t.text, pos: t.pos}
	switch t.kind {
	case nameToken:
		n.kind = nameKind
	case variableToken:
		n.kind = variableKind
	case stringToken:
		n.kind, n.val = stringKind, value.String(t.text)
	case numberToken:
		n.kind, n.val = numberKind, t.val
	case literalToken:
		n.kind, n.val = literalKind, t.val
	case regexToken:
		n.kind, n.flags = regexKind, t.flags
	case endToken:
		n.kind = endKind // an error, unless something closer by expects another token first
	case operatorToken:
		return p.prefix(t, n)
	default:
		panic(fmt.Sprintf("jsonata: token of kind %d", t.kind))
	}
	return n, nil
}

func (p *parser) prefix(t token, n *ast) (_ *ast, err *Error) {
	switch t.text {
	case "and", "or", "in":
		n.kind = nameKind
	case "*":
		n.kind = wildcardKind
	case "**":
		n.kind = descendantKind
	case "%":
		n.kind = parentKind
	case "-":
		n.kind = negateKind
		n.lhs, err = p.expression(70)
	case "(":
		n.kind = blockKind
		for !p.at(")") {
			e, err := p.expression(0)
			if err != nil {
				return nil, err
			}
			n.list = append(n.list, e)
			if !p.at(";") {
				break
			}
			if err := p.advance(false); err != nil {
				return nil, err
			}
		}
		err = p.expect(")", true)
	case "[":
		n.kind = arrayKind
		n.list, err = p.elements()
	case "{":
		n.kind = objectKind
		n.pairs, err = p.members()
	case "|":
		return p.transform(n)
	default:
		return nil, &Error{Code: "S0211", Position: t.pos, Token: t.text}
	}
	if err != nil {
		return nil, err
	}
	return n, nil
}

func (p *parser) elements() (list []*ast, err *Error) {
	for !p.at("]") {
		item, err := p.expression(0)
		if err != nil {
			return nil, err
		}
		if p.at("..") {
			r := &ast{kind: binaryKind, text: "..", pos: p.tok.pos, lhs: item}
			if err := p.advance(false); err != nil {
				return nil, err
			}
			if r.rhs, err = p.expression(0); err != nil {
				return nil, err
			}
			item = r
		}
		list = append(list, item)
		if !p.at(",") {
			break
		}
		if err := p.advance(false); err != nil {
			return nil, err
		}
		if p.at("]") { // a trailing comma is no element
			return nil, p.unary()
		}
	}
	return list, p.expect("]", true)
}

// unary is the error of an operator that stands where an expression must begin.
func (p *parser) unary() *Error { return &Error{Code: "S0211", Position: p.tok.pos, Token: p.tok.text} }

func (p *parser) members() (pairs [][2]*ast, err *Error) {
	for !p.at("}") {
		key, err := p.expression(0)
		if err != nil {
			return nil, err
		}
		if err := p.expect(":", false); err != nil {
			return nil, err
		}
		v, err := p.expression(0)
		if err != nil {
			return nil, err
		}
		pairs = append(pairs, [2]*ast{key, v})
		if !p.at(",") {
			break
		}
		if err := p.advance(false); err != nil {
			return nil, err
		}
		if p.at("}") {
			return nil, p.unary()
		}
	}
	return pairs, p.expect("}", true)
}

func (p *parser) transform(n *ast) (_ *ast, err *Error) {
	n.kind = transformKind
	if n.lhs, err = p.expression(0); err != nil {
		return nil, err
	}
	if err = p.expect("|", false); err != nil {
		return nil, err
	}
	if n.rhs, err = p.expression(0); err != nil {
		return nil, err
	}
	if p.at(",") {
		if err = p.advance(false); err != nil {
			return nil, err
		}
		if n.third, err = p.expression(0); err != nil {
			return nil, err
		}
	}
	return n, p.expect("|", false)
}
