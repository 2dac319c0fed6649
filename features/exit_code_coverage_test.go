package features

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"
	. "github.com/onsi/gomega"

	"github.com/sfnx/sfnx/fsm"
	"github.com/sfnx/sfnx/output"
)

// The places where a spec runs sfnx.
var (
	OnSim = Label("backend:sim")
	OnAWS = Label("backend:aws")
)

// Reaches declares that a spec ends a command with an exit code. Code 0 has two meanings, hence the two below.
func Reaches(code int) Labels { return Label(fmt.Sprintf("exit:%d", code)) }

// What code 0 means.
var (
	ReachesSucceeded = Label("exit:0 SUCCEEDED")
	ReachesStarted   = Label("exit:0 STARTED")
)

// labelOf is the label of a row of the table of exit codes.
func labelOf(code int, ending fsm.State) string {
	if code == 0 {
		return fmt.Sprintf("exit:0 %s", ending)
	}
	return Reaches(code)[0]
}

// achievement is an exit code that a command of the spec has ended with, and where.
type achievement struct{ code, place string }

// reached is what the spec in progress has achieved.
var reached map[achievement]bool

func achieved(code int, ending, place string) {
	reached[achievement{labelOf(code, fsm.State(ending)), "backend:" + place}] = true
}

// A declaration that does not come true is a failure.
var _ = AfterEach(func() {
	report := CurrentSpecReport()
	if !report.State.Is(types.SpecStatePassed) {
		return
	}
	for _, a := range declarations(report.Labels()) {
		Expect(reached).To(HaveKey(a), "the spec declares this, but no command of it ended so")
	}
})

// declarations is what the labels of a spec promise.
func declarations(labels []string) []achievement {
	var all []achievement
	for _, code := range labels {
		for _, place := range labels {
			if strings.HasPrefix(code, "exit:") && strings.HasPrefix(place, "backend:") {
				all = append(all, achievement{code, place})
			}
		}
	}
	return all
}

var _ = ReportAfterSuite("every exit code has a spec in every place", func(report Report) {
	counts := map[achievement]int{}
	for _, spec := range report.SpecReports {
		if spec.State.Is(types.SpecStatePassed) {
			for _, a := range declarations(spec.Labels()) {
				counts[a]++
			}
		}
	}
	fmt.Print(coverageText(output.Table(), counts))
	c := report.SuiteConfig
	partial := report.SuiteHasProgrammaticFocus || c.LabelFilter != "" || len(c.FocusStrings)+len(c.SkipStrings)+len(c.FocusFiles)+len(c.SkipFiles) > 0
	if report.SuiteSucceeded && !partial {
		Expect(uncovered(output.Table(), counts)).To(BeEmpty(), "rows of the table of exit codes without a spec")
	}
})

var places = []string{"backend:sim", "backend:aws"}

// uncovered are the rows that no spec has reached in one of the places, each of which can end in every row.
func uncovered(table []output.Row, counts map[achievement]int) []string {
	var missing []string
	for _, row := range table {
		for _, place := range places {
			if label := labelOf(row.Code, row.Ending); counts[achievement{label, place}] == 0 {
				missing = append(missing, label+" "+place)
			}
		}
	}
	return missing
}

// coverageText is the number of specs for each row of the table and each place.
func coverageText(table []output.Row, counts map[achievement]int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\nspecs that reach each exit code:\n\n  code  %-21s  %5s  %5s  when\n", "class", "sim", "aws")
	for _, row := range table {
		label := labelOf(row.Code, row.Ending)
		fmt.Fprintf(&b, "  %4d  %-21s  %5d  %5d  %s\n", row.Code, row.Class, counts[achievement{label, places[0]}], counts[achievement{label, places[1]}], row.When)
	}
	b.WriteString("\n")
	return b.String()
}

// A code that is added to the table without a spec must be noticed.
func TestARowWithoutASpecIsNoticed(t *testing.T) {
	table := append(output.Table(), output.Row{Code: 99, Class: "NEW"})
	counts := map[achievement]int{{"exit:99", "backend:aws"}: 1}
	for _, row := range output.Table() {
		for _, place := range places {
			counts[achievement{labelOf(row.Code, row.Ending), place}] = 1
		}
	}
	if got := uncovered(table, counts); !slices.Equal(got, []string{"exit:99 backend:sim"}) {
		t.Errorf("uncovered rows: %q", got)
	}
	delete(counts, achievement{"exit:0 STARTED", "backend:aws"})
	if got := uncovered(output.Table(), counts); !slices.Equal(got, []string{"exit:0 STARTED backend:aws"}) {
		t.Errorf("uncovered rows: %q", got)
	}
}
