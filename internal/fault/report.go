package fault

import (
	"fmt"
	"slices"
	"strings"
)

// Report gathers verdicts.
type Report struct {
	Faults []Fault

	verdicts map[string][]Verdict // by the fault's ID
}

// Row is one fault with what came of its plays.
type Row struct {
	Stage    Stage     `json:"stage"`
	Name     string    `json:"name"`
	About    string    `json:"about"`
	Codes    []int     `json:"codes"` // exit codes wanted, in order
	Runs     int       `json:"runs"`
	Exact    int       `json:"exact"`
	Secrets  int       `json:"secrets"`
	Leaks    int       `json:"leaks"`
	Failures []Verdict `json:"failures,omitempty"`
	Skipped  string    `json:"skipped,omitempty"` // why it was not played
}

// Selected are the faults whose ID is or begins with a text, for plays in this process or with the binary.
func Selected(only string, process bool) []Fault {
	if only == Schedule.ID() {
		return []Fault{Schedule}
	}
	return slices.DeleteFunc(All(), func(f Fault) bool {
		fits := f.ID() == only || strings.HasPrefix(f.ID(), only)
		if _, err := Find(only); err == nil {
			fits = f.ID() == only
		}
		if process {
			return !fits || !f.Process && !f.Only
		}
		return !fits || f.Only
	})
}

// Add takes a verdict.
func (r *Report) Add(v Verdict) {
	if r.verdicts == nil {
		r.verdicts = map[string][]Verdict{}
	}
	r.verdicts[v.Fault] = append(r.verdicts[v.Fault], v)
}

// Rows is the report, fault by fault.
func (r *Report) Rows() []Row {
	var rows []Row
	for _, f := range r.Faults {
		row := Row{Stage: f.Stage, Name: f.Name, About: f.About}
		for _, v := range r.verdicts[f.ID()] {
			if v.Skipped != "" {
				row.Skipped = v.Skipped
				continue
			}
			row.Runs++
			row.Secrets += v.Secrets
			row.Leaks += v.Leaks
			if v.Exact() {
				row.Exact++
			} else {
				row.Failures = append(row.Failures, v)
			}
			if !slices.Contains(row.Codes, v.Want) {
				row.Codes = append(row.Codes, v.Want)
			}
		}
		slices.Sort(row.Codes)
		slices.SortFunc(row.Failures, func(a, b Verdict) int { return int(a.Seed) - int(b.Seed) })
		rows = append(rows, row)
	}
	return rows
}

// Runs is the number of plays.
func (r *Report) Runs() int { return r.sum(func(row Row) int { return row.Runs }) }

// Exact is the number of plays where everything was as it should be.
func (r *Report) Exact() int { return r.sum(func(row Row) int { return row.Exact }) }

// AllExact reports whether there were plays, and all of them were exact.
func (r *Report) AllExact() bool { return r.Runs() > 0 && r.Runs() == r.Exact() }

func (r *Report) sum(of func(Row) int) int {
	n := 0
	for _, row := range r.Rows() {
		n += of(row)
	}
	return n
}

// LastLine is for programs.
func (r *Report) LastLine() string {
	return fmt.Sprintf("faults=%d runs=%d exact=%d secrets=%d leaks=%d", len(r.Faults), r.Runs(), r.Exact(),
		r.sum(func(row Row) int { return row.Secrets }), r.sum(func(row Row) int { return row.Leaks }))
}

// Table is the report for people: a line for each fault, and below it how to repeat what was not exact.
func (r *Report) Table() string {
	var b strings.Builder
	stage := Stage("")
	for _, row := range r.Rows() {
		if row.Stage != stage {
			stage = row.Stage
			fmt.Fprintf(&b, "%s\n", stage)
		}
		mark := "ok"
		if row.Skipped != "" {
			mark = "skipped: " + row.Skipped
		} else if row.Exact < row.Runs || row.Runs == 0 {
			mark = "NOT EXACT"
		}
		fmt.Fprintf(&b, "  %-34s exit %-12s %4d/%-4d %s\n", row.Name, codes(row.Codes), row.Exact, row.Runs, mark)
		for i, v := range row.Failures {
			if i == 3 {
				fmt.Fprintf(&b, "      ... and %d more\n", len(row.Failures)-i)
				break
			}
			fmt.Fprintf(&b, "      seed %d: %s\n      again: make fault F=%s SEED=%d\n", v.Seed, strings.Join(v.Problems, "\n              "), v.Fault, v.Seed)
		}
	}
	return b.String()
}

func codes(all []int) string {
	texts := make([]string, len(all))
	for i, c := range all {
		texts[i] = fmt.Sprint(c)
	}
	return strings.Join(texts, " ")
}
