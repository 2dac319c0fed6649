package jsregex

import "math"

// run tries the program at start and returns where the match ends, or -1. The captures are in the registers.
func (m *search) run(start int) (int, error) {
	m.stack = m.stack[:0]
	pc, pos := int32(0), start
	for {
		if m.steps++; m.steps > m.limit || len(m.stack) > mostFrames {
			return -1, ErrBudget
		}
		in := &m.re.prog[pc]
		ok := true
		next := pc + 1
		switch in.op {
		case opMatch:
			return pos, nil
		case opByte:
			if !in.back {
				if ok = pos < len(m.text) && m.text[pos] == in.c; ok {
					pos++
				}
			} else if ok = pos > 0 && m.text[pos-1] == in.c; ok {
				pos--
			}
		case opSet:
			var after int
			if after, ok = m.take(in, pos); ok {
				pos = after
			}
		case opRun:
			pos, ok = m.runOf(in, pc, pos)
		case opBackref:
			pos, ok = m.backref(in, pos)
		case opSave:
			m.set(in.arg, int32(pos))
		case opJump:
			next = in.x
		case opSplit:
			if ok = !m.failedBefore(in, pos); ok {
				m.push(tryAt, in.y, pos, 0)
				next = in.x
			}
		case opEnter, opFirst, opRound:
			m.enter(in, pos)
		case opAdvance:
			ok = m.regs[in.y] != int32(pos)
		case opReset:
			m.set(in.count, 0)
		case opCount:
			next = m.another(in, next, pos)
		case opLook:
			m.push(lookedAt, pc, pos, m.barrier)
			m.barrier = int32(len(m.stack) - 1)
		case opLookEnd:
			next, pos, ok = m.looked()
		default:
			ok = m.holds(in.op, pos)
		}
		if ok {
			pc = next
			continue
		}
		if pc, pos, ok = m.backtrack(); !ok {
			return -1, nil
		}
	}
}

func (m *search) push(kind frameKind, pc int32, pos int, aux int32) {
	m.stack = append(m.stack, frame{kind, pc, int32(pos), aux})
}

// set changes a register so that backtracking restores it.
func (m *search) set(register, value int32) {
	if m.regs[register] != value {
		m.push(restore, register, int(m.regs[register]), 0)
		m.regs[register] = value
	}
}

// backtrack undoes the present path as far as the last choice and takes the other way.
func (m *search) backtrack() (pc int32, pos int, ok bool) {
	for len(m.stack) > 0 {
		m.steps++
		f := &m.stack[len(m.stack)-1]
		switch f.kind {
		case restore:
			m.regs[f.pc] = f.pos
		case tryAt:
			pc, pos = f.pc, int(f.pos)
			m.stack = m.stack[:len(m.stack)-1]
			return pc, pos, true
		case shorter:
			if f.pos != f.aux {
				in := &m.re.prog[f.pc]
				if in.back {
					_, pos = m.next(int(f.pos))
				} else {
					_, pos = m.previous(int(f.pos))
				}
				f.pos = int32(pos)
				return f.pc + 1, pos, true
			}
		case longer:
			in := &m.re.prog[f.pc]
			if f.aux == 0 {
				break
			}
			if after, found := m.take(in, int(f.pos)); found && !m.failedBefore(in, after) {
				f.pos = int32(after)
				if in.max != math.MaxInt32 {
					f.aux--
				}
				return f.pc + 1, after, true
			}
		case lookedAt:
			m.barrier = f.aux
			if in := &m.re.prog[f.pc]; in.negative {
				pos = int(f.pos)
				m.stack = m.stack[:len(m.stack)-1]
				return in.x, pos, true
			}
		}
		m.stack = m.stack[:len(m.stack)-1]
	}
	return 0, 0, false
}

// looked ends the innermost look, whose body matched.
func (m *search) looked() (pc int32, pos int, ok bool) {
	base := m.barrier
	f := m.stack[base]
	in := &m.re.prog[f.pc]
	m.barrier = f.aux
	m.steps += int64(len(m.stack) - int(base))
	if in.negative {
		for i := len(m.stack) - 1; i > int(base); i-- {
			if r := m.stack[i]; r.kind == restore {
				m.regs[r.pc] = r.pos
			}
		}
		m.stack = m.stack[:base]
		return 0, 0, false
	}
	// The body is not entered again, but what it captured must still be undone later.
	kept := m.stack[:base]
	for _, r := range m.stack[base+1:] {
		if r.kind == restore {
			kept = append(kept, r)
		}
	}
	m.stack = kept
	return in.x, int(f.pos), true
}

// enter begins a round of a loop.
func (m *search) enter(in *inst, pos int) {
	for register := in.arg; register < in.x; register++ {
		m.set(register, -1)
	}
	m.steps += int64(in.x-in.arg) / 8
	due := in.op == opFirst
	if in.op == opRound {
		due = m.regs[in.count] < in.min
		m.set(in.count, m.regs[in.count]+1)
	}
	if due {
		pos = -1 // a round that must be may be empty
	}
	if in.y >= 0 {
		m.set(in.y, int32(pos))
	}
}

// another decides on the next round of a counted loop, which begins at round.
func (m *search) another(in *inst, round int32, pos int) (pc int32) {
	switch n := m.regs[in.count]; {
	case n < in.min:
		return round
	case n >= in.max:
		return in.y
	case in.lazy:
		m.push(tryAt, round, pos, 0)
		return in.y
	}
	m.push(tryAt, in.y, pos, 0)
	return round
}
