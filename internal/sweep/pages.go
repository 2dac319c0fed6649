package sweep

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/sfnx/sfnx/backend"
)

// group is the executions of one state machine in an account.
type group struct {
	connection *connection
	machineArn string
	labelled   bool             // executions of a Map Run, which a list of the machine's does not show
	order      []*item          // all
	items      map[string]*item // those still open

	round    int // of sweeps, from 1 on
	began    time.Time
	token    string
	pages    int       // of this round
	unshown  int       // open executions that this round has not shown yet
	oldest   time.Time // start of the oldest open execution that a list has shown
	previous time.Time // the same of the last round; zero before there was one
}

func (c *connection) group(machine backend.ARN) *group {
	g := c.machines[machine]
	if g == nil {
		g = &group{connection: c, machineArn: machine.String(), labelled: strings.Contains(machine.Name, "/"), items: map[string]*item{}}
		c.machines[machine] = g
		c.groups = append(c.groups, g)
	}
	return g
}

// begin begins a round of sweeps, or to poll where that costs less.
func (w *Watch) begin(g *group, at time.Time) {
	_, lists := g.connection.backend.(backend.Lister)
	tooManyPages := g.pages > 1 && g.pages*pollsPerPage > len(g.items)
	if !lists || g.labelled || len(g.items) <= few || tooManyPages {
		w.alone(g)
		return
	}
	g.round++
	g.began, g.token, g.pages, g.unshown = at, "", 0, len(g.items)
	g.previous, g.oldest = g.oldest, time.Time{}
	g.connection.pages.Push(at, g)
}

// alone has the open executions of a group polled, each by itself.
func (w *Watch) alone(g *group) {
	for _, it := range g.order {
		if g.items[it.arn] != nil {
			w.pollAlone(it)
		}
	}
}

// pollAlone takes an execution out of its group, to be polled by itself.
func (w *Watch) pollAlone(it *item) {
	delete(it.group.items, it.arn)
	it.group.connection.polls.Push(w.Clock.Now(), it)
}

// page asks for a page of the list that is due first.
func (w *Watch) page(ctx context.Context, c *connection) {
	g := c.pages.Pop().Value
	asked := w.Clock.Now()
	out, err := c.backend.(backend.Lister).ListExecutions(backend.Paced(ctx), backend.ListExecutionsInput{
		StateMachineArn: g.machineArn, MaxResults: pageSize, NextToken: g.token,
	})
	now := w.Clock.Now()
	if err != nil {
		w.pageFailed(ctx, c, g, err, now)
		return
	}
	c.reached()
	c.pages.answered(asked)
	g.pages++
	g.token = out.NextToken
	for _, x := range out.Executions {
		w.listed(g, x, now)
	}
	beyond := false
	if n := len(out.Executions); n > 0 && !g.previous.IsZero() {
		beyond = out.Executions[n-1].StartDate.Before(g.previous)
	}
	deepEnough := g.pages >= max(pollsPerPage, len(g.items)/pollsPerPage)
	if g.token != "" && g.unshown > 0 && !beyond && !deepEnough {
		c.pages.Push(now, g)
		return
	}
	w.endRound(g, now)
}

// listed takes down what a list says of an execution.
func (w *Watch) listed(g *group, x backend.Execution, now time.Time) {
	it := g.items[x.ExecutionArn]
	if it == nil {
		return
	}
	if it.shown < g.round {
		it.shown = g.round
		g.unshown--
	}
	w.saw(it, x)
	switch {
	case x.Status.Terminal():
		delete(g.items, it.arn)
		g.connection.polls.Push(now, it)
	case g.oldest.IsZero() || x.StartDate.Before(g.oldest):
		g.oldest = x.StartDate
	}
}

// endRound has those polled that no round has shown, or none lately: newer executions may have buried them too deep. Then
// it begins the next round.
func (w *Watch) endRound(g *group, now time.Time) {
	for _, it := range g.order {
		if g.items[it.arn] != nil && (it.shown == 0 || g.round-it.shown > 1) {
			w.pollAlone(it)
		}
	}
	if len(g.items) == 0 {
		return
	}
	at := g.began.Add(w.Interval)
	if at.Before(now) {
		at = now
	}
	w.begin(g, at)
}

// pageFailed goes on after a failed page. What cannot be listed is polled.
func (w *Watch) pageFailed(ctx context.Context, c *connection, g *group, err error, now time.Time) {
	if ctx.Err() != nil {
		return
	}
	switch backend.CodeOf(err) {
	case backend.Throttled:
		c.pages.throttled(now, err, w.Jitter())
		c.pages.Push(now, g)
	case backend.Connection, backend.Unavailable, backend.Proxy:
		if !c.unreached(now, err, w) {
			w.close(c, err)
			return
		}
		c.pages.Push(now, g)
	case backend.Authentication:
		w.close(c, err)
	case backend.Validation:
		// A token that has grown too old is no reason to stop listing.
		var e *backend.Error
		if errors.As(err, &e) && e.AWSCode == "InvalidToken" && g.token != "" {
			w.begin(g, now)
			return
		}
		fallthrough
	default:
		w.Alone(g.machineArn, err)
		w.alone(g)
	}
}
