package jsonata

import (
	"strconv"

	"github.com/sfnx/sfnx/internal/value"
)

// resolver turns the tree as it is written into the tree to evaluate: paths become lists of steps, predicates belong
// to their steps, and each parent operator knows the step that it refers to.
type resolver struct {
	slots []*slot // of all parent operators
}

// resolve works on a whole expression.
func resolve(n *ast) (*ast, *Error) {
	r := &resolver{}
	n, err := r.node(n)
	if err != nil {
		return nil, err
	}
	if n.kind == parentKind || n.seeking != nil {
		return nil, &Error{Code: "S0217", Position: n.pos, Token: kindNames[n.kind]}
	}
	return n, nil
}

func (r *resolver) node(n *ast) (*ast, *Error) {
	out, err := r.shape(n)
	if err != nil {
		return nil, err
	}
	if n.keepArray {
		out.keepArray = true
	}
	return out, nil
}

// below resolves a child in place and takes over the parents that it seeks.
func (r *resolver) below(n *ast, children ...**ast) *Error {
	for _, c := range children {
		if *c == nil {
			continue
		}
		out, err := r.node(*c)
		if err != nil {
			return err
		}
		*c = out
		n.seek(out)
	}
	return nil
}

// seek takes over the parents that a child seeks.
func (n *ast) seek(child *ast) {
	n.seeking = append(n.seeking[:len(n.seeking):len(n.seeking)], child.seeking...)
	if child.kind == parentKind {
		n.seeking = append(n.seeking, child.slot)
	}
}

func (r *resolver) shape(n *ast) (*ast, *Error) {
	switch n.kind {
	case endKind:
		return nil, &Error{Code: "S0207", Position: n.pos, Token: "(end)"}
	case nameKind:
		return &ast{kind: pathKind, pos: n.pos, list: []*ast{n}, keepSingleton: n.keepArray}, nil
	case parentKind:
		n.slot = &slot{label: "!" + strconv.Itoa(len(r.slots)), level: 1, index: len(r.slots)}
		r.slots = append(r.slots, n.slot)
		return n, nil
	case binaryKind:
		return r.binary(n)
	case negateKind:
		if err := r.below(n, &n.lhs); err != nil {
			return nil, err
		}
		if c := n.lhs; c.kind == numberKind && c.predicates == nil && c.group == nil {
			c.val = value.Float(-c.val.Float64())
			return c, nil
		}
	case objectKind:
		for i := range n.pairs {
			if err := r.below(n, &n.pairs[i][0], &n.pairs[i][1]); err != nil {
				return nil, err
			}
		}
	case callKind, partialKind:
		for i := range n.list {
			if err := r.below(n, &n.list[i]); err != nil {
				return nil, err
			}
		}
		lhs, err := r.node(n.lhs)
		n.lhs = lhs
		return n, err
	case lambdaKind:
		body, err := r.node(n.rhs)
		if err != nil {
			return nil, err
		}
		n.lhs, n.rhs = nil, body
		markTail(body)
	case transformKind:
		for _, c := range []**ast{&n.lhs, &n.rhs, &n.third} {
			if *c != nil {
				out, err := r.node(*c)
				if err != nil {
					return nil, err
				}
				*c = out
			}
		}
	case arrayKind, blockKind:
		for i := range n.list {
			if err := r.below(n, &n.list[i]); err != nil {
				return nil, err
			}
			if c := n.list[i]; n.kind == blockKind && (c.consArray || c.kind == pathKind && c.list[0].consArray) {
				n.consArray = true
			}
		}
	case conditionKind, elvisKind, coalesceKind:
		return n, r.below(n, &n.lhs, &n.rhs, &n.third)
	case bindKind:
		if err := r.below(n, &n.rhs); err != nil {
			return nil, err
		}
	case applyKind:
		lhs, err := r.node(n.lhs)
		if err != nil {
			return nil, err
		}
		rhs, err := r.node(n.rhs)
		if err != nil {
			return nil, err
		}
		n.lhs, n.rhs = lhs, rhs
		n.keepArray = n.keepArray || lhs.keepArray || rhs.keepArray
	}
	return n, nil
}

// markTail finds the calls that are the last thing a function does: they run without growing the stack.
func markTail(n *ast) {
	switch {
	case n.predicates != nil || n.group != nil || n.keepArray:
	case n.kind == callKind:
		n.tail = true
	case n.kind == conditionKind:
		markTail(n.rhs)
		if n.third != nil {
			markTail(n.third)
		}
	case n.kind == elvisKind || n.kind == coalesceKind:
		markTail(n.rhs)
	case n.kind == blockKind && len(n.list) > 0:
		markTail(n.list[len(n.list)-1])
	}
}

func (r *resolver) binary(n *ast) (*ast, *Error) {
	switch n.text {
	case ".":
		return r.path(n)
	case "[":
		return r.predicate(n)
	case "{":
		return r.group(n)
	case "^":
		return r.order(n)
	case "@":
		return r.focus(n)
	case "#":
		return r.position(n)
	}
	return n, r.below(n, &n.lhs, &n.rhs)
}

func (r *resolver) path(n *ast) (*ast, *Error) {
	left, err := r.node(n.lhs)
	if err != nil {
		return nil, err
	}
	path := left
	if left.kind != pathKind {
		path = &ast{kind: pathKind, pos: n.pos, list: []*ast{left}}
		if left.kind == parentKind {
			path.seeking = []*slot{left.slot}
		}
	}
	rest, err := r.node(n.rhs)
	if err != nil {
		return nil, err
	}
	if rest.kind == pathKind {
		path.list = append(path.list, rest.list...)
	} else {
		if rest.predicates != nil {
			rest.stages, rest.predicates = rest.predicates, nil
		}
		path.list = append(path.list, rest)
	}
	for _, step := range path.list {
		switch step.kind {
		case numberKind, literalKind:
			return nil, &Error{Code: "S0213", Position: step.pos, value: step.val}
		case stringKind:
			step.kind = nameKind
		}
		if step.keepArray {
			path.keepSingleton = true
		}
	}
	for _, step := range []*ast{path.list[0], path.list[len(path.list)-1]} {
		if step.kind == arrayKind {
			step.consArray = true
		}
	}
	return path, r.ancestry(path)
}

// step is the last step of a path, or the node itself.
func (n *ast) step() *ast {
	if n.kind == pathKind {
		return n.list[len(n.list)-1]
	}
	return n
}

func (r *resolver) predicate(n *ast) (*ast, *Error) {
	left, err := r.node(n.lhs)
	if err != nil {
		return nil, err
	}
	step := left.step()
	if step.group != nil {
		return nil, &Error{Code: "S0209", Position: n.pos}
	}
	filter, err := r.node(n.rhs)
	if err != nil {
		return nil, err
	}
	for _, s := range filter.seeking {
		if s.level != 1 {
			s.level--
		} else if err := r.seekParent(step, s); err != nil {
			return nil, err
		}
	}
	if filter.seeking != nil {
		step.seek(filter)
	}
	if left.kind == pathKind {
		step.stages = append(step.stages, stage{filter: filter})
	} else {
		step.predicates = append(step.predicates, stage{filter: filter})
	}
	return left, nil
}

func (r *resolver) group(n *ast) (*ast, *Error) {
	left, err := r.node(n.lhs)
	if err != nil {
		return nil, err
	}
	if left.group != nil {
		return nil, &Error{Code: "S0210", Position: n.pos}
	}
	left.group = &ast{kind: objectKind, text: "{", pos: n.pos, pairs: n.pairs}
	for i := range n.pairs {
		for k := range n.pairs[i] {
			if n.pairs[i][k], err = r.node(n.pairs[i][k]); err != nil {
				return nil, err
			}
		}
	}
	return left, nil
}

func (r *resolver) order(n *ast) (*ast, *Error) {
	path, err := r.node(n.lhs)
	if err != nil {
		return nil, err
	}
	if path.kind != pathKind {
		path = &ast{kind: pathKind, pos: n.pos, list: []*ast{path}}
	}
	s := &ast{kind: sortKind, pos: n.pos, terms: n.terms}
	for i := range s.terms {
		if err := r.below(s, &s.terms[i].expr); err != nil {
			return nil, err
		}
	}
	path.list = append(path.list, s)
	return path, r.ancestry(path)
}

func (r *resolver) focus(n *ast) (*ast, *Error) {
	left, err := r.node(n.lhs)
	if err != nil {
		return nil, err
	}
	step := left.step()
	if step.stages != nil || step.predicates != nil {
		return nil, &Error{Code: "S0215", Position: n.pos}
	}
	if step.kind == sortKind {
		return nil, &Error{Code: "S0216", Position: n.pos}
	}
	if n.keepArray {
		step.keepArray = true
	}
	step.focus, step.tuple = n.rhs.text, true
	return left, nil
}

func (r *resolver) position(n *ast) (*ast, *Error) {
	left, err := r.node(n.lhs)
	if err != nil {
		return nil, err
	}
	step := left.step()
	if left.kind != pathKind {
		left = &ast{kind: pathKind, pos: n.pos, list: []*ast{step}}
		if step.predicates != nil {
			step.stages, step.predicates = step.predicates, nil
		}
	}
	if step.stages == nil {
		step.index = n.rhs.text
	} else {
		step.stages = append(step.stages, stage{index: n.rhs.text})
	}
	step.tuple = true
	return left, nil
}

// ancestry finds the steps that the last step's parent operators refer to; the rest is sought further out.
func (r *resolver) ancestry(path *ast) *Error {
	last := path.list[len(path.list)-1]
	slots := last.seeking
	if last.kind == parentKind {
		slots = append(slots[:len(slots):len(slots)], last.slot)
	}
	for _, s := range slots {
		for i := len(path.list) - 2; s.level > 0; {
			if i < 0 {
				path.seeking = append(path.seeking, s)
				break
			}
			step := path.list[i]
			i--
			// of steps that bind the same context only the first counts
			for i >= 0 && step.focus != "" && path.list[i].focus != "" {
				step = path.list[i]
				i--
			}
			if err := r.seekParent(step, s); err != nil {
				return err
			}
		}
	}
	return nil
}

// seekParent lets a parent operator refer to a step, if it is the one.
func (r *resolver) seekParent(n *ast, s *slot) *Error {
	switch n.kind {
	case nameKind, wildcardKind:
		if s.level--; s.level == 0 {
			if n.ancestor != nil {
				r.slots[s.index].label = n.ancestor.label
			}
			n.ancestor, n.tuple = s, true
		}
	case parentKind:
		s.level++
	case blockKind:
		if len(n.list) > 0 {
			n.tuple = true
			return r.seekParent(n.list[len(n.list)-1], s)
		}
	case pathKind:
		n.tuple = true
		for i := len(n.list) - 1; i >= 0; i-- {
			if err := r.seekParent(n.list[i], s); err != nil {
				return err
			}
			if s.level <= 0 {
				break
			}
		}
	default:
		return &Error{Code: "S0217", Position: n.pos, Token: kindNames[n.kind]}
	}
	return nil
}
