package cut

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/sfnx/sfnx/internal/fakeaws"
	"github.com/sfnx/sfnx/internal/fault/account"
)

// sweep is one way to run sfnx while its StartExecution is cut.
type sweep struct {
	name    string
	machine string // of account
	how     How
	tls     bool
	anew    bool // the call has a connection of its own, so that the cut can fall into its handshake
	proxied bool // by a proxy, whose answer to CONNECT is what is cut
	forever bool // every further connection is cut too
	noWait  bool
	every   int // distance of the offsets; 0 = 1
	input   string
}

func (s sweep) call() string {
	if s.machine == account.Express && !s.noWait {
		return "StartSyncExecution"
	}
	return "StartExecution"
}

// before is the call before the one that is cut.
func (s sweep) before() string {
	if s.noWait {
		return "GetCallerIdentity"
	}
	return "DescribeStateMachine"
}

// line is an account and the relay on the way to it.
type line struct {
	sweep
	account *account.Account
	proxy   *fakeaws.Proxy
	relay   *Relay
	runs    int
}

func open(s sweep) (*line, error) {
	o := account.Options{}
	if s.tls {
		o.TLS = authority
	}
	a, err := account.Open(o)
	if err != nil {
		return nil, err
	}
	l := &line{sweep: s, account: a}
	target := a.Address
	if s.proxied {
		if l.proxy, err = fakeaws.StartProxy(fakeaws.ProxyOptions{}); err != nil {
			l.close()
			return nil, err
		}
		target = strings.TrimPrefix(l.proxy.URL, "http://")
	}
	if l.relay, err = Start(target); err != nil {
		l.close()
		return nil, err
	}
	return l, nil
}

func (l *line) close() {
	if l.relay != nil {
		l.relay.Close()
	}
	if l.proxy != nil {
		l.proxy.Close()
	}
	l.account.Close()
}

// endpoint is where sfnx is told that AWS is, and by which way to get there.
func (l *line) endpoint() []string {
	switch {
	case l.proxied:
		return []string{"--endpoint-url", l.account.URL, "--proxy", "http://" + l.relay.Address}
	case l.tls:
		return []string{"--endpoint-url", "https://" + l.relay.Address}
	}
	return []string{"--endpoint-url", "http://" + l.relay.Address}
}

// tried is what came of a run.
type tried struct {
	account.Ended
	name     string // of the execution
	call     Call
	requests []fakeaws.Request // of the call that was cut, as they reached the server
	started  int
}

// goodbye is how long the record is by which TLS 1.3 ends a connection.
const goodbye = 24

// run runs sfnx once, with its call cut. An answer that comes in no time at all can make the SDK give up its connection;
// where TLS says goodbye on that, or shakes hands on the next one, before the call, the run is made once more.
func (l *line) run(c Cut) tried {
	c.How, c.Anew, c.Whole, c.Forever = l.how, l.anew || l.proxied, l.anew, l.forever
	var t tried
	for range 20 {
		t = l.once(c)
		if !l.tls || t.call.Anew == c.Anew && len(t.call.Request) != goodbye {
			break
		}
	}
	return t
}

func (l *line) once(c Cut) tried {
	l.runs++
	name := fmt.Sprintf("order-%06d", l.runs) // of the same length always, so that offsets mean the same
	hangUp := http.Header{}
	if c.Anew {
		hangUp.Set("Connection", "close")
	}
	l.relay.Arm(Cut{})
	l.account.Heal()
	l.account.Script(l.before(), fakeaws.Fault{Met: func() { l.relay.Arm(c) }, Header: hangUp})
	l.account.Script(l.call(), fakeaws.Fault{Header: hangUp})
	before := len(l.account.Requests(l.call()))
	args := append([]string{"run", account.Arn(l.machine), "--name", name, "--input", l.input}, l.endpoint()...)
	if !l.noWait {
		args = append(args, "--wait")
	}
	t := tried{Ended: l.account.Run(args...), name: name + "-1"}
	t.call = l.relay.Call()
	t.requests = l.account.Requests(l.call())[before:]
	t.started = l.account.Started(t.name)
	return t
}

// judge says what is wrong with a run. at is where the way was cut, of so many bytes.
func (l *line) judge(t tried, c Cut, size int) error {
	doc, err := t.Document()
	if err != nil {
		return err
	}
	if !t.call.Cut && !l.anew { // signatures differ in length, so a handshake may be shorter than that
		return errors.New("the connection was not cut")
	}
	if t.started > 1 {
		return fmt.Errorf("%d executions were started", t.started)
	}
	if l.machine == account.Express {
		return t.ranOnce(doc, l.anew, c.Way == Response && c.At == size)
	}
	want, started := map[string]int{account.Fails: 23, account.FailsLater: 23}[l.machine], 1
	if l.forever {
		// With the whole answer the proxy has done its part: what breaks then is the connection.
		if want, started = 11, 0; c.At == size {
			want = 10
		}
	}
	switch {
	case t.Code != want:
		return fmt.Errorf("exit code %d, want %d", t.Code, want)
	case t.started != started:
		return fmt.Errorf("%d executions were started, want %d", t.started, started)
	case started == 1 && (doc.Result == nil || doc.Result.Name != t.name):
		return fmt.Errorf("the document tells of %+v, want %s", doc.Result, t.name)
	}
	return t.sameBytes(l.tls)
}

// ranOnce is for what may not be repeated: an EXPRESS execution. What is cut in a handshake is no attempt yet.
func (t tried) ranOnce(doc account.Document, handshake, answered bool) error {
	switch {
	case len(t.requests) > 1:
		return fmt.Errorf("%d requests reached the server", len(t.requests))
	case t.Code == 0 && t.started == 1 && (answered || handshake):
	case t.Code == 10 && doc.Sfnx.Ambiguous && (!answered || handshake):
	default:
		return fmt.Errorf("exit code %d, ambiguous %t, %d started", t.Code, doc.Sfnx.Ambiguous, t.started)
	}
	return nil
}

// sameBytes wants the request to be the same in every attempt, also in those that the server never saw.
func (t tried) sameBytes(enciphered bool) error {
	last := t.requests
	for _, r := range t.requests {
		if !bytes.Equal(r.Body, last[0].Body) {
			return fmt.Errorf("an attempt sent %s, the first one %s", r.Body, last[0].Body)
		}
	}
	_, sent, _ := bytes.Cut(t.call.Request, []byte("\r\n\r\n"))
	if !enciphered && len(last) > 0 && !bytes.HasPrefix(last[0].Body, sent) {
		return fmt.Errorf("the attempt that was cut sent %s, the server got %s", sent, last[0].Body)
	}
	return nil
}
