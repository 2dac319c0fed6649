package features

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// asPID1 makes a process the first one of a container: the kernel gives it no signal that it has no handler for, and
// Go's own way out would be exit code 2.
func asPID1(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWUSER | syscall.CLONE_NEWPID}
}

var _ = Describe("sfnx as the first process of a container", func() {
	everywhere("ends in a document on SIGTERM", Reaches(143), func(at *place) {
		Expect(at.waiting(asPID1).gets(syscall.SIGTERM).ends()).To(ExitWith(143))
	})

	everywhere("ends in a document on a signal before it even knows its input", Reaches(143), func(at *place) {
		pipe := file("input", "")
		Expect(os.Remove(pipe)).To(Succeed())
		Expect(syscall.Mkfifo(pipe, 0o600)).To(Succeed())
		x := at.launch(asPID1, "run", at.machine("succeeds"), "--input", "@"+pipe)
		writer, err := os.OpenFile(pipe, os.O_WRONLY, 0) // waits for the reader
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(writer.Close)
		run := x.gets(syscall.SIGTERM).ends()
		Expect(run).To(ExitWith(143))
		Expect(run).To(HaveStartedNothing())
	})

	everywhere("ends in a document on SIGINT", Reaches(130), func(at *place) {
		Expect(at.waiting(asPID1).gets(syscall.SIGINT).ends()).To(ExitWith(130))
	})
})

var _ = Describe("sfnx as a process on Linux", func() {
	everywhere("leaves no core file behind, which would hold credentials", Reaches(130), func(at *place) {
		x := at.waiting(nil)
		Expect(os.ReadFile(fmt.Sprintf("/proc/%d/limits", x.Process.Pid))).To(MatchRegexp(`Max core file size +0 +0 `))
		Expect(x.gets(syscall.SIGINT).ends()).To(ExitWith(130))
	})

	everywhere("is 1 if the disk is full", Reaches(1), func(at *place) {
		full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(full.Close)
		Expect(at.launch(func(c *exec.Cmd) { c.Stdout = full }, "run", at.machine("succeeds"), "--wait").ends().code).To(Equal(1))
	})

	It("shows no secret to who lists processes", OnAWS, Reaches(130), func() {
		x := account().waiting(nil)
		Expect(os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", x.Process.Pid))).To(WithTransform(func(b []byte) []string { return leaks(string(b)) }, BeEmpty()))
		Expect(x.gets(syscall.SIGINT).ends()).To(ExitWith(130))
	})
})
