//go:build unix

package cli

import "golang.org/x/sys/unix"

// closedAtStart reports whether a standard stream was closed when this process began. Go's runtime has then put
// /dev/null in its place, opened for reading and writing, where what is written would be lost in silence.
//
// Somebody who discards a stream that way on purpose cannot be told from that, unless another standard stream is the
// same opened file, as that of a daemon is. A shell's >/dev/null is opened for writing only.
func closedAtStart(fd int) bool {
	flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0)
	var stream, null unix.Stat_t
	if err != nil {
		return true
	}
	if flags&unix.O_ACCMODE != unix.O_RDWR || unix.Fstat(fd, &stream) != nil || unix.Stat("/dev/null", &null) != nil || stream.Rdev != null.Rdev || stream.Mode&unix.S_IFMT != unix.S_IFCHR {
		return false
	}
	for other := range 3 {
		if other != fd && sameFile(fd, other) {
			return false
		}
	}
	return true
}
