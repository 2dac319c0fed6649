package features

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// process is sfnx as it is released, running.
type process struct {
	*exec.Cmd
	place    string
	out, err bytes.Buffer
	events   *bufio.Reader // of --events fd:3
}

// launch starts sfnx in a place. prepare may change how.
func (p *place) launch(prepare func(*exec.Cmd), args ...string) *process {
	GinkgoHelper()
	events, theirs, err := os.Pipe()
	Expect(err).NotTo(HaveOccurred())
	x := &process{Cmd: exec.Command(binary, args...), place: p.name, events: bufio.NewReader(events)}
	x.Stdout, x.Stderr, x.ExtraFiles = &x.out, &x.err, []*os.File{theirs}
	x.Env = append(os.Environ(), "SFNX_POLLING_INTERVAL=1") // it waits in real time
	if prepare != nil {
		prepare(x.Cmd)
	}
	err = x.Start()
	Expect(theirs.Close()).To(Succeed())
	DeferCleanup(events.Close)
	if err != nil {
		Skip("this machine does not start such a process: " + err.Error())
	}
	DeferCleanup(func() {
		_ = x.Process.Kill()
		_ = x.Wait()
	})
	return x
}

// waiting is a process that waits for an execution of never-ends.
func (p *place) waiting(prepare func(*exec.Cmd), args ...string) *process {
	GinkgoHelper()
	if p.name == "sim" {
		args = append(args, "--limits", "off")
	}
	x := p.launch(prepare, append([]string{"run", p.machine("never-ends"), "--wait", "--events", "fd:3"}, args...)...)
	for line := ""; !strings.Contains(line, `"run.polled"`); {
		var err error
		line, err = x.events.ReadString('\n')
		Expect(err).NotTo(HaveOccurred(), "%s", &x.err)
	}
	go func() { _, _ = io.Copy(io.Discard, x.events) }()
	return x
}

// gets sends a signal.
func (x *process) gets(s os.Signal) *process {
	GinkgoHelper()
	Expect(x.Process.Signal(s)).To(Succeed())
	return x
}

// ends waits for the end of a process. One that a signal killed has the exit code that a shell sees.
func (x *process) ends() *ended {
	GinkgoHelper()
	_ = x.Wait()
	e := &ended{place: x.place, args: x.Args[1:], code: x.ProcessState.ExitCode(), stdout: x.out.String(), stderr: x.err.String()}
	if status, ok := x.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		e.code = 128 + int(status.Signal())
	}
	return e.inspected()
}

var _ = Describe("sfnx as a process", func() {
	everywhere("exits as it does everywhere else", Reaches(23), func(at *place) {
		run := at.launch(nil, "run", at.machine("fails"), "--wait").ends()
		Expect(run).To(ExitWith(23))
		Expect(run).To(HaveStarted("FAILED"))
	})

	everywhere("ends in a document on SIGINT", Reaches(130), func(at *place) {
		run := at.waiting(nil).gets(syscall.SIGINT).ends()
		Expect(run).To(ExitWith(130))
		Expect(run).To(HaveMember("sfnx.execution_left", "running"))
	})

	everywhere("ends in a document on SIGTERM, and stops the execution if it is told to", Reaches(143), func(at *place) {
		run := at.waiting(nil, "--on-interrupt", "stop").gets(syscall.SIGTERM).ends()
		Expect(run).To(ExitWith(143))
		Expect(run).To(HaveStarted("ABORTED"))
	})

	everywhere("does not hear a SIGHUP that its parent ignores", Reaches(130), func(at *place) {
		nohup := func(c *exec.Cmd) {
			c.Args = append([]string{"sh", "-c", `trap "" HUP; exec "$0" "$@"`, c.Path}, c.Args[1:]...)
			c.Path = "/bin/sh"
		}
		Expect(at.waiting(nohup).gets(syscall.SIGHUP).gets(syscall.SIGINT).ends()).To(ExitWith(130))
	})

	everywhere("loses neither the execution nor its code if nobody reads stdout: it is 1, not killed", Reaches(1), func(at *place) {
		run := at.launch(func(c *exec.Cmd) { c.Stdout = pipeToNobody() }, "run", at.machine("succeeds"), "--wait").ends()
		Expect(run.code).To(Equal(1))
		Expect(run.stderr).To(ContainSubstring("write to stdout"))
	})

	everywhere("goes on if nobody reads stderr", Reaches(23), func(at *place) {
		run := at.launch(func(c *exec.Cmd) { c.Stderr = pipeToNobody() }, "run", at.machine("fails"), "--wait", "-v").ends()
		Expect(run).To(ExitWith(23))
	})

	everywhere("replaces the result file as a whole, readable by its owner alone", ReachesSucceeded, func(at *place) {
		result := file("result.json", "of yesterday")
		run := at.launch(nil, "run", at.machine("succeeds"), "--wait", "--result-file", result).ends()
		Expect(run).To(ExitWith(0))
		Expect(os.ReadFile(result)).To(BeEquivalentTo(run.stdout))
		Expect(directoryOf(result)).To(HaveLen(1))
		info, err := os.Stat(result)
		Expect(err).NotTo(HaveOccurred())
		Expect(info.Mode().Perm()).To(BeEquivalentTo(0o600))
	})
})

// A signal from outside that stands for a bug is taken by the runtime for the fault that it stands for. Go itself ends
// with 2 then, which is another promise.
var _ = Describe("an internal fault that cannot be caught is 134, never 2", func() {
	for name, signal := range map[string]syscall.Signal{"a bad address": syscall.SIGSEGV, "an abort": syscall.SIGABRT, "a bad instruction": syscall.SIGILL, "a quit": syscall.SIGQUIT} {
		everywhere(name, Reaches(134), func(at *place) {
			run := at.waiting(nil).gets(signal).ends()
			Expect(run.code).To(Equal(134))
			Expect(run.stdout).To(BeEmpty())
			Expect(run.stderr).To(ContainSubstring("goroutine"))
		})
	}
})

// pipeToNobody is a pipe whose reader has gone.
func pipeToNobody() *os.File {
	GinkgoHelper()
	reader, writer, err := os.Pipe()
	Expect(err).NotTo(HaveOccurred())
	Expect(reader.Close()).To(Succeed())
	DeferCleanup(writer.Close)
	return writer
}

func directoryOf(path string) []os.DirEntry {
	GinkgoHelper()
	entries, err := os.ReadDir(path[:strings.LastIndexByte(path, '/')])
	Expect(err).NotTo(HaveOccurred())
	return entries
}
