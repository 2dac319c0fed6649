package main

import (
	"net"
	"sync"
	"testing"
)

// silence is an address of the loopback interface that takes connections and never answers.
type silence struct {
	url   string
	asked chan struct{} // closed when somebody has connected
}

func silent(t *testing.T) *silence {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &silence{url: "http://" + l.Addr().String(), asked: make(chan struct{})}
	var accepting sync.WaitGroup
	var once sync.Once
	accepting.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			once.Do(func() { close(s.asked) })
			accepting.Go(func() {
				defer c.Close()
				buffer := make([]byte, 4096)
				for {
					if _, err := c.Read(buffer); err != nil {
						return
					}
				}
			})
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		accepting.Wait()
	})
	return s
}
