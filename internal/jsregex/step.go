package jsregex

import (
	"math"
	"unicode/utf16"
	"unicode/utf8"
)

// next decodes the unit at pos, which must not be the end. The second half of a character beyond U+FFFF is at the
// third of its four bytes; a byte that is not UTF-8 counts as U+FFFD.
func (m *search) next(pos int) (c rune, after int) {
	b := m.text[pos]
	if b < utf8.RuneSelf {
		return rune(b), pos + 1
	}
	if low, ok := m.secondHalf(pos); ok {
		return low, pos + 2
	}
	c, size := utf8.DecodeRuneInString(m.text[pos:])
	if size == 4 {
		high, _ := utf16.EncodeRune(c)
		return high, pos + 2
	}
	return c, pos + size
}

// previous decodes the unit before pos, which must not be 0.
func (m *search) previous(pos int) (c rune, before int) {
	b := m.text[pos-1]
	if b < utf8.RuneSelf {
		return rune(b), pos - 1
	}
	if _, ok := m.secondHalf(pos); ok {
		c, _ = m.next(pos - 2)
		return c, pos - 2
	}
	c, size := utf8.DecodeLastRuneInString(m.text[:pos])
	if size == 4 {
		_, low := utf16.EncodeRune(c)
		return low, pos - 2
	}
	return c, pos - size
}

// secondHalf is the low surrogate that begins at pos, if one does.
func (m *search) secondHalf(pos int) (low rune, ok bool) {
	if pos < 2 || pos >= len(m.text) || m.text[pos]&0xc0 != 0x80 || m.text[pos-2] < 0xf0 {
		return 0, false
	}
	c, size := utf8.DecodeRuneInString(m.text[pos-2:])
	_, low = utf16.EncodeRune(c)
	return low, size == 4
}

// take steps over one unit of the instruction's set.
func (m *search) take(in *inst, pos int) (after int, ok bool) {
	var c rune
	switch {
	case in.back && pos > 0:
		c, after = m.previous(pos)
	case !in.back && pos < len(m.text):
		c, after = m.next(pos)
	default:
		return pos, false
	}
	return after, in.set.has(c)
}

// runOf takes the units of an opRun and leaves a frame for the other lengths that it may have.
func (m *search) runOf(in *inst, pc int32, pos int) (after int, ok bool) {
	for range in.min {
		if pos, ok = m.take(in, pos); !ok {
			return pos, false
		}
		m.steps++
		if m.steps > m.limit {
			return pos, false // reported by run
		}
	}
	if m.failedBefore(in, pos) {
		return pos, false
	}
	unlimited := in.max == math.MaxInt32
	more := in.max - in.min
	if in.lazy {
		m.push(longer, pc, pos, more)
		return pos, true
	}
	least, taken := pos, int32(0)
	for taken < more {
		after, ok := m.take(in, pos)
		if !ok || unlimited && m.failedBefore(in, after) {
			break
		}
		pos = after
		taken++
	}
	m.steps += int64(taken) / 8
	if taken > 0 {
		m.push(shorter, pc, pos, int32(least))
	}
	return pos, true
}

// failedBefore says that the search was at this instruction and position already: what can follow does not depend
// on how one got there, so it would fail again. Instructions without a number, and cheap searches, do not remember.
func (m *search) failedBefore(in *inst, pos int) bool {
	if in.branch == 0 || m.steps < m.expensive {
		return false
	}
	width := len(m.text) - m.from + 1
	if m.failed == nil {
		m.failed = make([]uint64, (m.re.branches*width+63)/64)
	}
	bit := int(in.branch-1)*width + pos - m.from
	word, mask := &m.failed[bit/64], uint64(1)<<(bit%64)
	if *word&mask != 0 {
		return true
	}
	*word |= mask
	return false
}

// backref matches what the group captured, nothing if it captured nothing.
func (m *search) backref(in *inst, pos int) (after int, ok bool) {
	from, to := int(m.regs[2*in.arg-2]), int(m.regs[2*in.arg-1])
	if from < 0 || to < 0 {
		return pos, true
	}
	m.steps += int64(to-from) / 8
	for from < to {
		var want, got rune
		if in.back {
			if pos == 0 {
				return pos, false
			}
			want, to = m.previous(to)
			got, pos = m.previous(pos)
		} else {
			if pos == len(m.text) {
				return pos, false
			}
			want, from = m.next(from)
			got, pos = m.next(pos)
		}
		if want != got && (!in.fold || canonical(want) != canonical(got)) {
			return pos, false
		}
	}
	return pos, true
}

// holds tests an assertion.
func (m *search) holds(op opcode, pos int) bool {
	switch op {
	case opTextStart:
		return pos == 0
	case opTextEnd:
		return pos == len(m.text)
	case opLineStart:
		return pos == 0 || isLineTerminator(m.before(pos))
	case opLineEnd:
		return pos == len(m.text) || isLineTerminator(m.after(pos))
	}
	boundary := isWord(m.before(pos)) != isWord(m.after(pos))
	return boundary == (op == opWordBoundary)
}

// before and after are the units beside pos, end where there is none.
func (m *search) before(pos int) rune {
	if pos == 0 {
		return end
	}
	c, _ := m.previous(pos)
	return c
}

func (m *search) after(pos int) rune {
	if pos == len(m.text) {
		return end
	}
	c, _ := m.next(pos)
	return c
}

func isLineTerminator(c rune) bool { return c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029 }
