package fakeaws

import (
	"fmt"
	"net"
)

// Refusal is an address of the loopback interface that refuses every connection for as long as it is open.
type Refusal struct {
	Address string // 127.0.0.1:port

	listener net.Listener
	near     net.Conn
	far      net.Conn
}

// Refuse reserves such an address. Its port belongs to the near end of a connection, so nobody listens there and
// nobody else gets it: a port that was only found free could be somebody's a moment later.
func Refuse() (*Refusal, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("reserve a refusing address: %w", err)
	}
	r := &Refusal{listener: listener}
	if r.near, err = net.Dial("tcp", listener.Addr().String()); err == nil {
		r.far, err = listener.Accept()
	}
	if err != nil {
		r.Close()
		return nil, fmt.Errorf("reserve a refusing address: %w", err)
	}
	r.Address = r.near.LocalAddr().String()
	return r, nil
}

// Close gives the address back.
func (r *Refusal) Close() {
	_ = r.listener.Close()
	for _, conn := range []net.Conn{r.near, r.far} {
		if conn != nil {
			_ = conn.Close()
		}
	}
}
