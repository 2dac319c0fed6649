package backendtest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/sfnx/sfnx/backend"
)

func list(t *testing.T, f Fixture) {
	l := capability[backend.Lister](t, f)
	start(t, f, Succeeds, "of-another-machine", `{}`)
	old := start(t, f, TimesOut, "old", `{}`)
	f.Advance(TimeoutAfter)
	late := start(t, f, TimesOut, "late", `{}`)
	settle(t, f, old.ExecutionArn)
	page, err := l.ListExecutions(t.Context(), backend.ListExecutionsInput{StateMachineArn: f.Arn(TimesOut)})
	if err != nil || page.NextToken != "" || len(page.Executions) != 2 {
		t.Fatalf("two executions are listed as %+v (%v)", page, err)
	}
	if first := page.Executions[0]; first.ExecutionArn != late.ExecutionArn || first.Status != backend.Running || !first.StartDate.Equal(late.StartDate) || !first.StopDate.IsZero() {
		t.Errorf("the one that started last is listed as %+v", first)
	}
	last := page.Executions[1]
	if last.ExecutionArn != old.ExecutionArn || last.StateMachineArn != f.Arn(TimesOut) || last.Name != "old" || last.Status != backend.TimedOut || !last.StopDate.Equal(old.StartDate.Add(TimeoutAfter)) {
		t.Errorf("the one that has timed out is listed as %+v", last)
	}
	wantAbsent(t, "input in a list", last.Input)

	page, err = l.ListExecutions(t.Context(), backend.ListExecutionsInput{StateMachineArn: f.Arn(TimesOut), StatusFilter: backend.TimedOut})
	if err != nil || len(page.Executions) != 1 || page.Executions[0].Name != "old" {
		t.Errorf("those that timed out are listed as %+v (%v)", page, err)
	}
	page, err = l.ListExecutions(t.Context(), backend.ListExecutionsInput{StateMachineArn: f.Arn(Waits)})
	if err != nil || len(page.Executions) != 0 || page.NextToken != "" {
		t.Errorf("no executions are listed as %+v (%v)", page, err)
	}

	wantListError(t, l, backend.StateMachineDoesNotExist, backend.ListExecutionsInput{StateMachineArn: f.Arn(Waits) + "x"})
	wantListError(t, l, backend.Validation, backend.ListExecutionsInput{StateMachineArn: "no arn at all"})
	if express := f.Arn(Express); express != "" {
		wantListError(t, l, backend.Unsupported, backend.ListExecutionsInput{StateMachineArn: express})
	}
}

func listPages(t *testing.T, f Fixture) {
	l := capability[backend.Lister](t, f)
	var want []string
	for i := range 5 {
		name := fmt.Sprint("paged-", i)
		start(t, f, Waits, name, `{}`)
		want = append(want, name)
		f.Advance(time.Second)
	}
	slices.Reverse(want)
	in := backend.ListExecutionsInput{StateMachineArn: f.Arn(Waits), MaxResults: 2}
	var got []string
	for pages := 1; ; pages++ {
		page, err := l.ListExecutions(t.Context(), in)
		if err != nil {
			t.Fatalf("page %d: %v", pages, err)
		}
		for _, x := range page.Executions {
			got = append(got, x.Name)
		}
		if in.NextToken = page.NextToken; in.NextToken == "" {
			break
		}
		if len(page.Executions) > 2 || pages > 5 {
			t.Fatalf("page %d has %d executions, want 2 on each of 3 pages", pages, len(page.Executions))
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("the pages list %v, want %v", got, want)
	}
	wantListError(t, l, backend.Validation, backend.ListExecutionsInput{StateMachineArn: f.Arn(Waits), NextToken: "garbage"})
}

func wantListError(t *testing.T, l backend.Lister, want backend.Code, in backend.ListExecutionsInput) {
	t.Helper()
	if out, err := l.ListExecutions(t.Context(), in); backend.CodeOf(err) != want {
		t.Errorf("listing the executions of %s gave %+v and %v, want the code %s", in.StateMachineArn, out, err, want)
	}
}
