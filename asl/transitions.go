package asl

// flow is what the transitions of one scope are checked with.
type flow struct {
	at      *place
	startAt *place // nil if absent or wrong
	states  []transitions
}

// transitions say where a state leads.
type transitions struct {
	at       *place
	targets  []*place // places of the names of other states
	terminal bool
	unsure   bool // a mistake hides where it leads
}

// to adds the places of names; nil ones and other values than names are left out.
func (t *transitions) to(names ...*place) {
	for _, n := range names {
		if n != nil && n.kind == '"' {
			t.targets = append(t.targets, n)
		}
	}
}

// checkTransitions reports targets that do not exist, then a missing end, or else states that nothing leads to
// (measured: the order, and that a missing end hides the rest).
func (p *parser) checkTransitions(f *flow) {
	byName := make(map[string]int, len(f.states))
	for i := range f.states {
		byName[f.states[i].at.name] = i
	}
	leads := make([][]int, len(f.states)) // indexes of the targets of each state
	incoming := make([]bool, len(f.states))
	resolve := func(target *place) (int, bool) {
		name := p.str(target)
		i, ok := byName[name]
		if ok {
			incoming[i] = true
		} else {
			d := p.report(MissingTransitionTarget, target, "Missing 'Next' target: "+name)
			if p.states[name] {
				d.Hint = "that state is in another scope: a transition stays inside its branch or processor"
			} else {
				d.Hint = p.didYouMean(name, len(f.states), func(i int) string { return f.states[i].at.name })
			}
		}
		return i, ok
	}

	var reach []int // found, not followed yet
	if f.startAt != nil && len(f.states) > 0 {
		if i, ok := resolve(f.startAt); ok {
			reach = append(reach, i)
		}
	}
	ends := false
	for i := range f.states {
		t := &f.states[i]
		ends = ends || t.terminal || t.unsure
		for _, target := range t.targets {
			if j, ok := resolve(target); ok {
				leads[i] = append(leads[i], j)
			} else {
				t.unsure = true
			}
		}
	}
	if !ends && len(f.states) > 0 {
		p.report(MissingEndState, f.at.field("States"), "Workflow has no terminal state").Location = "" // measured
		return
	}
	if f.startAt == nil {
		return
	}
	for i := range f.states {
		if !incoming[i] {
			at := f.states[i].at
			p.report(MissingTransitionTarget, at, `State "`+at.name+`" is not reachable.`).Pos = p.positions.at(at.nameStart)
			reach = append(reach, i)
		}
	}
	reached := make([]bool, len(f.states))
	follow(leads, reach, reached)
	p.endless(f, leads, reached)
	p.islands(f, leads, reached)
}

// islands warns of states that lead to one another only: AWS sees that each has a way in.
func (p *parser) islands(f *flow, leads [][]int, reached []bool) {
	for i := range f.states {
		if !reached[i] {
			at := f.states[i].at
			p.warn(Unreachable, at, `No path leads from StartAt to the state "`+at.name+`"`).Pos = p.positions.at(at.nameStart)
			follow(leads, []int{i}, reached)
		}
	}
}

// endless warns of reached states that have no way to an end: AWS is content with an end somewhere in the scope.
func (p *parser) endless(f *flow, leads [][]int, reached []bool) {
	comesFrom := make([][]int, len(f.states))
	var ending []int
	for i := range f.states {
		if f.states[i].terminal || f.states[i].unsure {
			ending = append(ending, i)
		}
		for _, to := range leads[i] {
			comesFrom[to] = append(comesFrom[to], i)
		}
	}
	ends := make([]bool, len(f.states))
	follow(comesFrom, ending, ends)
	for i := range f.states {
		if reached[i] && !ends[i] {
			at := f.states[i].at
			p.warn(Endless, at, `No path leads from the state "`+at.name+`" to an end: only an error, a timeout or a stop can end it`).Pos = p.positions.at(at.nameStart)
			follow(leads, []int{i}, ends) // one finding for all that it leads to
		}
	}
}

// follow marks the states that can be reached from those in from, and does not go through marked ones.
func follow(leads [][]int, from []int, marked []bool) {
	for len(from) > 0 {
		i := from[len(from)-1]
		from = from[:len(from)-1]
		if !marked[i] {
			marked[i] = true
			from = append(from, leads[i]...)
		}
	}
}
