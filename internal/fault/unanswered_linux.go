package fault

import (
	"fmt"
	"net"
	"syscall"
	"time"
)

// Unanswered is an address where connections are neither opened nor refused: the queue of its listener, which nobody
// takes anything from, is full.
func (s *Scene) Unanswered() string {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if s.check(err); err != nil {
		return ""
	}
	s.cleanup(func() { _ = syscall.Close(fd) })
	s.check(syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}))
	s.check(syscall.Listen(fd, 0))
	name, err := syscall.Getsockname(fd)
	s.check(err)
	at, ok := name.(*syscall.SockaddrInet4)
	if !ok {
		s.check(fmt.Errorf("a listener of 127.0.0.1 has the address %T", name))
		return ""
	}
	address := fmt.Sprintf("127.0.0.1:%d", at.Port)
	const full = 100 * time.Millisecond
	for range 16 {
		c, err := net.DialTimeout("tcp", address, full)
		if err != nil {
			return address
		}
		s.cleanup(func() { _ = c.Close() })
	}
	s.check(fmt.Errorf("the queue of %s does not fill", address))
	return address
}
