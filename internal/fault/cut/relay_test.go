package cut

import (
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// conversation is a server that answers each line with the same line twice, and what has reached it.
type conversation struct {
	address string
	relay   *Relay
	stop    func() // returns when everything was read

	mu    sync.Mutex
	heard strings.Builder
}

func converse(t *testing.T) *conversation {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &conversation{address: listener.Addr().String()}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			serving.Go(func() { s.serve(c) })
		}
	})
	if s.relay, err = Start(s.address); err != nil {
		t.Fatal(err)
	}
	s.stop = sync.OnceFunc(func() {
		s.relay.Close()
		_ = listener.Close()
		serving.Wait()
	})
	t.Cleanup(s.stop)
	return s
}

func (s *conversation) serve(c net.Conn) {
	defer c.Close()
	buffer := make([]byte, 100)
	line := ""
	for {
		n, err := c.Read(buffer)
		s.mu.Lock()
		s.heard.Write(buffer[:n])
		s.mu.Unlock()
		if line += string(buffer[:n]); strings.HasSuffix(line, "\n") {
			_, _ = io.WriteString(c, line+line)
			line = ""
		}
		if err != nil {
			return
		}
	}
}

// got is everything that has reached the server.
func (s *conversation) got() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.heard.String()
}

func dial(t *testing.T, address string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// ask sends a line and reads the answer, or what there is of it.
func ask(c net.Conn, line string) (string, error) {
	if _, err := io.WriteString(c, line); err != nil {
		return "", err
	}
	answer := make([]byte, 2*len(line))
	n, err := io.ReadFull(c, answer)
	return string(answer[:n]), err
}

func ended(how How, err error) bool {
	if how == Reset {
		return errors.Is(err, syscall.ECONNRESET)
	}
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

func TestAnAnswerEndsAtEachByte(t *testing.T) {
	for _, how := range []How{Reset, Finish} {
		for at := range 7 {
			t.Run(fmt.Sprint(how, at), func(t *testing.T) {
				s := converse(t)
				c := dial(t, s.relay.Address)
				if got, err := ask(c, "aa\n"); got != "aa\naa\n" {
					t.Fatalf("the call before: %q %v", got, err)
				}
				s.relay.Arm(Cut{Way: Response, At: at, How: how})
				got, err := ask(c, "bb\n")
				if want := "bb\nbb\n"[:at]; got != want {
					t.Errorf("the client got %q, want %q", got, want)
				}
				if err == nil {
					_, err = c.Read(make([]byte, 1))
				}
				if !ended(how, err) {
					t.Errorf("the connection ended with %v, want %s", err, how)
				}
				if call := s.relay.Call(); string(call.Request) != "bb\n" || call.Response != 6 || !call.Cut {
					t.Errorf("the relay saw %+v", call)
				}
			})
		}
	}
}

func TestARequestEndsAtEachByte(t *testing.T) {
	for _, how := range []How{Reset, Finish} {
		for at := range 4 {
			t.Run(fmt.Sprint(how, at), func(t *testing.T) {
				s := converse(t)
				c := dial(t, s.relay.Address)
				if got, err := ask(c, "aa\n"); got != "aa\naa\n" {
					t.Fatalf("the call before: %q %v", got, err)
				}
				s.relay.Arm(Cut{Way: Request, At: at, How: how})
				if got, err := ask(c, "bb\n"); got != "" || !ended(how, err) {
					t.Errorf("the client got %q and the connection ended with %v, want %s", got, err, how)
				}
				s.stop()
				// A reset overtakes what the server has not read yet.
				if got, want := s.got(), "aa\nbb\n"[:3+at]; got != want && (how == Finish || !strings.HasPrefix(want, got)) {
					t.Errorf("the server got %q, want %q", got, want)
				}
			})
		}
	}
}

func TestOnlyTheCallThatIsMeantIsCut(t *testing.T) {
	s := converse(t)
	c := dial(t, s.relay.Address)
	s.relay.Arm(Cut{Way: Response, At: 8, How: Reset})
	for _, line := range []string{"aa\n", "bb\n", "cc\n"} {
		if got, err := ask(c, line); got != line+line {
			t.Errorf("%q: %q %v", line, got, err)
		}
	}
	if call := s.relay.Call(); string(call.Request) != "aa\n" || call.Response != 6 || call.Cut {
		t.Errorf("the relay saw %+v", call)
	}
}

func TestAWholeConnectionIsCounted(t *testing.T) {
	s := converse(t)
	c := dial(t, s.relay.Address)
	s.relay.Arm(Cut{Way: Response, At: 8, How: Finish, Whole: true})
	if got, err := ask(c, "aa\n"); got != "aa\naa\n" {
		t.Errorf("%q %v", got, err)
	}
	if got, err := ask(c, "bb\n"); got != "bb" || !ended(Finish, err) {
		t.Errorf("%q %v, want two bytes more", got, err)
	}
}

func TestTheNextConnectionPasses(t *testing.T) {
	for _, forever := range []bool{false, true} {
		s := converse(t)
		s.relay.Arm(Cut{Way: Request, At: 0, How: Reset, Forever: forever})
		for n := range 3 {
			got, err := ask(dial(t, s.relay.Address), "aa\n")
			if cut := n == 0 || forever; cut != (err != nil) {
				t.Errorf("forever %t, connection %d: %q %v", forever, n, got, err)
			}
		}
	}
}
