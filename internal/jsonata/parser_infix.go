package jsonata

import "github.com/sfnx/sfnx/internal/value"

// follow reads the rest of an expression of which left and the operator t have been read.
func (p *parser) follow(t token, left *ast) (_ *ast, err *Error) {
	n := &ast{kind: binaryKind, text: t.text, pos: t.pos, lhs: left}
	switch t.text {
	case "(":
		return p.call(n)
	case "[":
		if p.at("]") {
			step := left
			for step.kind == binaryKind && step.text == "[" {
				step = step.lhs
			}
			step.keepArray = true
			return left, p.advance(false)
		}
		if n.rhs, err = p.expression(0); err != nil {
			return nil, err
		}
		return n, p.expect("]", true)
	case "{":
		n.pairs, err = p.members()
	case "^":
		n.terms, err = p.orderTerms()
	case ":=":
		if left.kind != variableKind {
			return nil, &Error{Code: "S0212", Position: left.pos, Token: textOf(left.shown())}
		}
		n.kind = bindKind
		n.rhs, err = p.expression(powers[":="] - 1)
	case "@", "#":
		if n.rhs, err = p.expression(powers[t.text]); err == nil && n.rhs.kind != variableKind {
			return nil, &Error{Code: "S0214", Position: n.rhs.pos, Token: t.text}
		}
	case "~>":
		n.kind = applyKind
		n.rhs, err = p.expression(powers["~>"])
	case "?":
		n.kind = conditionKind
		if n.rhs, err = p.expression(0); err == nil && p.at(":") {
			if err = p.advance(false); err == nil {
				n.third, err = p.expression(0)
			}
		}
	case "?:":
		n.kind = elvisKind
		n.rhs, err = p.expression(0)
	case "??":
		n.kind = coalesceKind
		n.rhs, err = p.expression(0)
	default:
		n.rhs, err = p.expression(powers[t.text])
	}
	if err != nil {
		return nil, err
	}
	return n, nil
}

// shown is a node as an error message quotes its token.
func (n *ast) shown() value.Value {
	if n.kind == numberKind || n.kind == literalKind {
		return n.val
	}
	return value.String(n.text)
}

func (p *parser) orderTerms() (terms []orderTerm, err *Error) {
	if err = p.expect("(", false); err != nil {
		return nil, err
	}
	for {
		var term orderTerm
		if p.at("<") || p.at(">") {
			term.descending = p.at(">")
			if err = p.advance(false); err != nil {
				return nil, err
			}
		}
		if term.expr, err = p.expression(0); err != nil {
			return nil, err
		}
		terms = append(terms, term)
		if !p.at(",") {
			return terms, p.expect(")", false)
		}
		if err = p.advance(false); err != nil {
			return nil, err
		}
	}
}

// call reads arguments; with the name function or λ before them it is a definition.
func (p *parser) call(n *ast) (_ *ast, err *Error) {
	n.kind, n.text = callKind, "("
	if !p.at(")") {
		for {
			if p.at("?") {
				n.kind = partialKind
				n.list = append(n.list, &ast{kind: operatorKind, text: "?", pos: p.tok.pos})
				if err = p.advance(false); err != nil {
					return nil, err
				}
			} else {
				arg, err := p.expression(0)
				if err != nil {
					return nil, err
				}
				n.list = append(n.list, arg)
			}
			if !p.at(",") {
				break
			}
			if err = p.advance(false); err != nil {
				return nil, err
			}
		}
	}
	if err = p.expect(")", true); err != nil {
		return nil, err
	}
	if n.lhs.kind == nameKind && (n.lhs.text == "function" || n.lhs.text == "λ") {
		return p.lambda(n)
	}
	return n, nil
}

func (p *parser) lambda(n *ast) (_ *ast, err *Error) {
	for i, arg := range n.list {
		if arg.kind != variableKind {
			return nil, &Error{Code: "S0208", Position: arg.pos, Token: textOf(arg.shown()), value: value.Int(int64(i + 1))}
		}
	}
	n.kind = lambdaKind
	if p.at("<") {
		if n.signature, err = p.signature(); err != nil {
			return nil, err
		}
	}
	if err = p.expect("{", false); err != nil {
		return nil, err
	}
	if n.rhs, err = p.expression(0); err != nil {
		return nil, err
	}
	return n, p.expect("}", false)
}

func (p *parser) signature() (*signature, *Error) {
	at, depth, text := p.tok.pos, 1, "<"
	for depth > 0 && !p.at("{") && p.tok.kind != endToken {
		if err := p.advance(false); err != nil {
			return nil, err
		}
		switch {
		case p.at(">"):
			depth--
		case p.at("<"):
			depth++
		}
		text += p.tok.text
	}
	if err := p.expect(">", false); err != nil {
		return nil, err
	}
	s, err := parseSignature(text)
	if err != nil {
		err.Position += at
	}
	return s, err
}
