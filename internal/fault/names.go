package fault

import (
	"context"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// testDomain is where names are that only a scene's own name service knows.
const testDomain = "sfnx.test"

// answer is what a name service says about a name. The zero answer is that there is no such name.
type answer struct {
	addresses []string // IPv4 and IPv6
	failure   bool     // SERVFAIL
	silent    bool     // nothing
}

// nameService is the address of the scene's, nil for that of the system.
var nameService atomic.Pointer[string]

// takeNames makes this process ask the scene's name service, when there is one. What is left of a play may still ask for
// names while the next one is arranged, so this happens once, before all plays.
func takeNames() {
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
		at := nameService.Load()
		if at == nil {
			return (&net.Dialer{}).DialContext(ctx, network, address)
		}
		c, err := (&net.Dialer{}).DialContext(ctx, "udp", *at)
		if err != nil {
			return nil, err
		}
		return hasty{c.(*net.UDPConn)}, nil
	}}
}

// Resolve gives this process another name service, until the scene ends. say is told how often IPv4 addresses have been
// asked for, from 1 on.
func (s *Scene) Resolve(say func(n int) answer) {
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if s.check(err); err != nil {
		return
	}
	at := conn.LocalAddr().String()
	nameService.Store(&at)
	var serving sync.WaitGroup
	serving.Go(func() { serveNames(conn, say) })
	s.cleanup(func() {
		nameService.Store(nil)
		_ = conn.Close()
		serving.Wait()
	})
}

// hasty does not wait for an answer as long as the resolver would, which nobody can interrupt.
type hasty struct{ *net.UDPConn }

// SetDeadline sets an early one.
func (h hasty) SetDeadline(time.Time) error {
	return h.UDPConn.SetDeadline(time.Now().Add(200 * time.Millisecond))
}

func serveNames(conn net.PacketConn, say func(n int) answer) {
	buffer := make([]byte, 4096)
	for asked := 0; ; {
		n, from, err := conn.ReadFrom(buffer)
		if err != nil {
			return
		}
		var query dnsmessage.Message
		if query.Unpack(buffer[:n]) != nil || len(query.Questions) != 1 {
			continue
		}
		question := query.Questions[0]
		if question.Type == dnsmessage.TypeA {
			asked++
		}
		a := say(max(asked, 1))
		if a.silent {
			continue
		}
		if text, err := a.message(query.ID, question); err == nil {
			_, _ = conn.WriteTo(text, from)
		}
	}
}

func (a answer) message(id uint16, question dnsmessage.Question) ([]byte, error) {
	m := dnsmessage.Message{
		Header:    dnsmessage.Header{ID: id, Response: true, RecursionAvailable: true},
		Questions: []dnsmessage.Question{question},
	}
	switch {
	case a.failure:
		m.RCode = dnsmessage.RCodeServerFailure
	case len(a.addresses) == 0:
		m.RCode = dnsmessage.RCodeNameError
	}
	for _, text := range a.addresses {
		ip := net.ParseIP(text)
		header := dnsmessage.ResourceHeader{Name: question.Name, Class: dnsmessage.ClassINET}
		switch four := ip.To4(); {
		case four != nil && question.Type == dnsmessage.TypeA:
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: header, Body: &dnsmessage.AResource{A: [4]byte(four)}})
		case four == nil && question.Type == dnsmessage.TypeAAAA:
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: header, Body: &dnsmessage.AAAAResource{AAAA: [16]byte(ip)}})
		}
	}
	return m.Pack()
}
