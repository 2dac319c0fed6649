package jsregex

import "math"

type opcode uint8

const (
	opMatch opcode = iota
	opByte         // the ASCII character c
	opSet
	opRun // of one set: min to max units, longest first or, lazy, shortest first
	opTextStart
	opTextEnd
	opLineStart
	opLineEnd
	opWordBoundary
	opNoWordBoundary
	opBackref // to group arg
	opSave    // the position into register arg
	opJump    // to x
	opSplit   // to x, and if that fails to y
	opEnter   // another round of a loop: forget captures arg to x, keep the position in register y
	opFirst   // the first round of a loop that must have one: as opEnter, but it may be empty
	opAdvance // fail if the round that began at register y was empty
	opReset   // the count of a loop
	opCount   // go on to another round, or to y: not before min, not after max
	opRound   // of a counted loop: as opEnter, or as opFirst below min
	opLook    // at what follows; go on at x from here if the look succeeds, negative: if it fails
	opLookEnd
)

// inst is an instruction. The fields mean what its opcode says; back reads towards the start of the text.
type inst struct {
	op       opcode
	back     bool
	lazy     bool
	negative bool
	fold     bool
	c        byte
	min, max int32
	arg      int32
	x, y     int32
	count    int32 // the register of a counted loop
	branch   int32 // number of the instruction among those that remember failures, from 1
	set      *set
}

type compiler struct {
	re   *Regexp
	prog []inst
	back bool
}

// compile numbers the registers: two for each group, then those of the loops.
func compile(root node, groups int) *Regexp {
	c := &compiler{re: &Regexp{groups: groups, registers: 2 * groups, linear: true}}
	c.node(root)
	c.emit(inst{op: opMatch})
	c.re.prog = c.prog
	c.re.anchored = anchored(root)
	var first [256]bool
	if !firstBytes(root, &first) {
		c.re.first = &first
	}
	return c.re
}

func (c *compiler) emit(in inst) int {
	in.back = c.back
	if in.op == opSplit || in.op == opRun && in.max == math.MaxInt32 {
		c.re.branches++
		in.branch = int32(c.re.branches)
	}
	c.prog = append(c.prog, in)
	return len(c.prog) - 1
}

func (c *compiler) here() int32 { return int32(len(c.prog)) }

func (c *compiler) register() int32 {
	c.re.registers++
	return int32(c.re.registers - 1)
}

func (c *compiler) node(n node) {
	switch n := n.(type) {
	case unit:
		c.unit(n.set)
	case sequence:
		for i := range n {
			if c.back {
				c.node(n[len(n)-1-i])
			} else {
				c.node(n[i])
			}
		}
	case choice:
		c.choice(n)
	case capture:
		start, end := int32(2*n.group-2), int32(2*n.group-1)
		if c.back {
			start, end = end, start
		}
		c.emit(inst{op: opSave, arg: start})
		c.node(n.body)
		c.emit(inst{op: opSave, arg: end})
	case repeat:
		c.repeat(n)
	case assertion:
		c.emit(inst{op: opcode(n)})
	case look:
		c.re.linear = false
		at := c.emit(inst{op: opLook, negative: n.negative})
		outer := c.back
		c.back = n.behind
		c.node(n.body)
		c.back = outer
		c.emit(inst{op: opLookEnd})
		c.prog[at].x = c.here()
	case *backref:
		c.re.linear = false
		c.emit(inst{op: opBackref, arg: int32(n.group), fold: n.fold})
	}
}

func (c *compiler) unit(s *set) {
	if only, ok := s.single(); ok {
		c.emit(inst{op: opByte, c: only})
		return
	}
	c.emit(inst{op: opSet, set: s})
}

func (c *compiler) choice(list choice) {
	var jumps []int
	for i, alternative := range list {
		if i == len(list)-1 {
			c.node(alternative)
			break
		}
		split := c.emit(inst{op: opSplit})
		c.prog[split].x = c.here()
		c.node(alternative)
		jumps = append(jumps, c.emit(inst{op: opJump}))
		c.prog[split].y = c.here()
	}
	for _, at := range jumps {
		c.prog[at].x = c.here()
	}
}

// repeat follows RepeatMatcher of ECMA-262 22.2.2.3.1: each round forgets the captures inside, and past the minimum
// a round that takes nothing fails.
func (c *compiler) repeat(r repeat) {
	if u, ok := r.body.(unit); ok {
		c.emit(inst{op: opRun, set: u.set, min: int32(r.min), max: int32(r.max), lazy: r.lazy})
		return
	}
	if r.max == 0 {
		return
	}
	if r.min == 1 && r.max == 1 {
		c.node(r.body)
		return
	}
	l := loop{compiler: c, repeat: r, canBeEmpty: canBeEmpty(r.body)}
	if l.canBeEmpty {
		l.start = c.register()
		c.re.linear = false
	}
	switch {
	case r.min == 0 && r.max == 1:
		exit := l.split()
		l.round(opEnter)
		c.prog[exit].leave(c.here(), r.lazy)
	case r.min == 0 && r.max == math.MaxInt32:
		again := c.here()
		exit := l.split()
		l.round(opEnter)
		c.emit(inst{op: opJump, x: again})
		c.prog[exit].leave(c.here(), r.lazy)
	case r.min == 1 && r.max == math.MaxInt32:
		body := l.round(opFirst)
		exit := l.split()
		l.enter(opEnter)
		c.emit(inst{op: opJump, x: body})
		c.prog[exit].leave(c.here(), r.lazy)
	default:
		c.re.linear = false
		l.count = c.register()
		c.emit(inst{op: opReset, count: l.count})
		again := c.emit(inst{op: opCount, count: l.count, min: int32(r.min), max: int32(r.max), lazy: r.lazy})
		l.round(opRound)
		c.emit(inst{op: opJump, x: int32(again)})
		c.prog[again].y = c.here()
	}
}

type loop struct {
	*compiler
	repeat
	canBeEmpty bool
	start      int32 // the register of where a round began
	count      int32 // of a counted loop
}

// split emits the choice between another round, which follows, and the exit, which leave sets.
func (l *loop) split() int {
	at := l.emit(inst{op: opSplit})
	l.prog[at].x, l.prog[at].y = l.here(), l.here()
	return at
}

func (in *inst) leave(exit int32, lazy bool) {
	if lazy {
		in.x = exit
	} else {
		in.y = exit
	}
}

// round emits one round and returns where its body begins.
func (l *loop) round(enter opcode) int32 {
	l.enter(enter)
	body := l.here()
	l.node(l.body)
	if l.canBeEmpty {
		l.emit(inst{op: opAdvance, y: l.start})
	}
	return body
}

func (l *loop) enter(op opcode) {
	if l.canBeEmpty || l.from < l.to || op == opRound {
		start := int32(-1)
		if l.canBeEmpty {
			start = l.start
		}
		l.emit(inst{op: op, arg: int32(2 * l.from), x: int32(2 * l.to), y: start, count: l.count, min: int32(l.min)})
	}
}

func canBeEmpty(n node) bool {
	switch n := n.(type) {
	case unit:
		return false
	case sequence:
		for _, part := range n {
			if !canBeEmpty(part) {
				return false
			}
		}
		return true
	case choice:
		for _, alternative := range n {
			if canBeEmpty(alternative) {
				return true
			}
		}
		return false
	case capture:
		return canBeEmpty(n.body)
	case repeat:
		return n.min == 0 || canBeEmpty(n.body)
	}
	return true
}

// anchored says that n can only match at the start of the text.
func anchored(n node) bool {
	switch n := n.(type) {
	case assertion:
		return opcode(n) == opTextStart
	case sequence:
		return len(n) > 0 && anchored(n[0])
	case choice:
		for _, alternative := range n {
			if !anchored(alternative) {
				return false
			}
		}
		return true
	case capture:
		return anchored(n.body)
	}
	return false
}

// firstBytes collects the bytes that a match of n can begin with, and says whether n can be empty. A back-reference
// can begin with anything.
func firstBytes(n node, first *[256]bool) (empty bool) {
	switch n := n.(type) {
	case unit:
		for b := range first {
			first[b] = first[b] || b < 0x80 && n.set.has(rune(b)) || b >= 0x80 && len(n.set.wide) > 0
		}
		return false
	case sequence:
		for _, part := range n {
			if !firstBytes(part, first) {
				return false
			}
		}
		return true
	case choice:
		for _, alternative := range n {
			if firstBytes(alternative, first) {
				empty = true
			}
		}
		return empty
	case capture:
		return firstBytes(n.body, first)
	case repeat:
		return n.max == 0 || firstBytes(n.body, first) || n.min == 0
	case *backref:
		for b := range first {
			first[b] = true
		}
	}
	return true
}
