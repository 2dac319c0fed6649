package fault

import (
	"fmt"
	"net"
	"strconv"
	"syscall"
	"time"
)

// Unanswered is an address where connections are neither opened nor refused: the queue of its listener, which nobody
// takes anything from, is full.
func (s *Scene) Unanswered() string {
	address, err := s.fullQueue(syscall.AF_INET, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}})
	s.check(err)
	return address
}

// blackHole makes the port of an address unanswered in IPv6. Where there is no IPv6, or the port is taken, it is not
// answered anyway.
func (s *Scene) blackHole(address string) {
	_, text, err := net.SplitHostPort(address)
	s.check(err)
	port, err := strconv.Atoi(text)
	s.check(err)
	_, _ = s.fullQueue(syscall.AF_INET6, &syscall.SockaddrInet6{Port: port, Addr: [16]byte(net.IPv6loopback)})
}

func (s *Scene) fullQueue(family int, at syscall.Sockaddr) (address string, err error) {
	fd, err := syscall.Socket(family, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return "", err
	}
	s.cleanup(func() { _ = syscall.Close(fd) })
	if err := syscall.Bind(fd, at); err != nil {
		return "", err
	}
	if err := syscall.Listen(fd, 0); err != nil {
		return "", err
	}
	name, err := syscall.Getsockname(fd)
	if err != nil {
		return "", err
	}
	switch at := name.(type) {
	case *syscall.SockaddrInet4:
		address = fmt.Sprintf("127.0.0.1:%d", at.Port)
	case *syscall.SockaddrInet6:
		address = fmt.Sprintf("[::1]:%d", at.Port)
	}
	const full = 100 * time.Millisecond
	for range 16 {
		c, err := net.DialTimeout("tcp", address, full)
		if err != nil {
			return address, nil
		}
		s.cleanup(func() { _ = c.Close() })
	}
	return "", fmt.Errorf("the queue of %s does not fill", address)
}
