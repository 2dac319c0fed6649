package jsregex

import "math"

const (
	// mostFrames bounds the backtracking stack of a search: 32 MiB.
	mostFrames = 1 << 21
	// expensiveAfter is how many steps for each byte of text make a search expensive.
	expensiveAfter = 16
	// mostFailures bounds what a search remembers of its failures: 32 MiB of bits.
	mostFailures = 1 << 28
)

// frame is something to do when the present path fails.
type frame struct {
	kind frameKind
	pc   int32
	pos  int32
	aux  int32
}

type frameKind uint8

const (
	tryAt    frameKind = iota // go on at pc from pos
	restore                   // register pc held pos
	shorter                   // the run at pc went to pos; it may give back units as far as aux
	longer                    // the lazy run at pc went to pos; it may take aux more units
	lookedAt                  // the look at pc began at pos; aux was the barrier before
)

// search is the state of one Find.
type search struct {
	re      *Regexp
	text    string
	from    int
	regs    []int32
	stack   []frame
	barrier int32 // the stack's height below the frame of the innermost look
	steps   int64
	limit   int64

	failed    []uint64 // a bit for each branch and position; nil until the search turns out expensive
	expensive int64    // the steps from where on failures are remembered; never for patterns that are not linear
}

// Find returns the leftmost match at or after the byte offset from, or nil. It takes its steps from budget and
// returns ErrBudget when they do not suffice; the same search always takes the same number.
func (r *Regexp) Find(s string, from int, budget *int64) (*Match, error) {
	return r.findRemembering(s, from, budget, expensiveAfter)
}

func (r *Regexp) findRemembering(s string, from int, budget *int64, expensiveAfter int64) (*Match, error) {
	if from < 0 || from > len(s) {
		return nil, nil
	}
	if len(s) > math.MaxInt32/2 {
		return nil, ErrBudget
	}
	m := search{re: r, text: s, from: from, limit: *budget, expensive: math.MaxInt64}
	if width := int64(len(s) - from + 1); r.linear && r.branches > 0 && width*int64(r.branches) <= mostFailures {
		m.expensive = expensiveAfter * width
	}
	m.regs = make([]int32, r.registers)
	for i := range m.regs {
		m.regs[i] = -1
	}
	match, err := m.find()
	*budget -= min(m.steps, *budget)
	return match, err
}

func (m *search) find() (*Match, error) {
	for start := m.from; start <= len(m.text); {
		m.steps++
		if first := m.re.first; first != nil {
			skipped := start // lands between units: of those in UTF-8 all bytes are wanted, or none
			for start < len(m.text) && !first[m.text[start]] {
				start++
			}
			m.steps += int64(start-skipped) / 8
			if start == len(m.text) {
				break
			}
		}
		if m.re.anchored && start > 0 {
			break
		}
		end, err := m.run(start)
		if err != nil {
			return nil, err
		}
		if end >= 0 {
			match := &Match{Start: start, End: end, Groups: make([]Group, m.re.groups)}
			for i := range match.Groups {
				if from, to := int(m.regs[2*i]), int(m.regs[2*i+1]); from >= 0 && to >= 0 {
					match.Groups[i] = Group{from, to}
				} else {
					match.Groups[i] = Group{-1, -1}
				}
			}
			return match, nil
		}
		if start == len(m.text) {
			break
		}
		_, start = m.next(start)
	}
	if m.steps > m.limit {
		return nil, ErrBudget
	}
	return nil, nil
}
