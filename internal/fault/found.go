package fault

// Defect is something that was wrong with sfnx and is not any more.
type Defect struct {
	What   string
	By     string   // who or what found it
	Faults []string // that play it
}

// Found are the defects that the faults of this package, or their writing, brought to light.
var Found = []Defect{
	{"stdout that was closed by the caller swallowed the document, with exit code 0: Go's runtime puts /dev/null in its place", "writing the faults", []string{"cmd/sfnx: TestAClosedStdoutIsOne"}},
	{"an answer that nobody had asked for was logged by net/http on stderr, keys and all", "writing the faults", []string{"start/unasked-for"}},
	{"a refusal with an error code of tomorrow, or 413, was told as a start that may have been made, with exit code 10 in place of 1", "writing the faults", []string{"refused/unknown-code", "refused/too-large"}},
	{"a history in which two events name each other as their cause kept a run that had failed from ever ending", "writing the faults", []string{"terminal/history-going-round"}},
	{"the result file told the code of the execution when the document was lost on stdout and the command ended with 1", "writing the faults", []string{"output/stdout-full", "output/stdout-cut-short"}},
	{"a panic of whatever took the events ended the wait for the execution", "writing the faults", []string{"output/events-panic"}},
	{"events and result in one file: the result replaced the events in silence", "writing the faults", []string{"output/events-to-result-file"}},
	{"a signal did not end a run that wrote events or talk to a pipe that nobody reads", "writing the faults", []string{"signals/events-not-read", "signals/stderr-not-read", "signals/stdout-not-read", "signals/result-file-not-read"}},
	{"a stop that was carried out but answered with 500 was told as an execution that runs", "writing the faults", []string{"signals/stop-answered-500", "signals/stop-lost"}},
	{"an execution that was started a moment before the signal and could not be seen yet was not stopped", "writing the faults", []string{"signals/start-carried-out-stop"}},
	{"a second signal that came as the run ended made two last events", "writing the faults", []string{"signals/twice"}},
	{"the stream of events was empty if the signal came before its file was open", "writing the faults", []string{"signals/at-once", "signals/while-stdin-is-read"}},
	{"the roles and web identities of profiles were asked of AWS itself, whatever AWS_ENDPOINT_URL said: the SDK makes their clients before it reads it", "playing the faults", []string{"credentials/refused-web-identity"}},
	{"a credential_process whose child kept its output open was waited for without end", "playing the faults", []string{"credentials/process-leaves-a-child", "credentials/process-hangs"}},
	{"what a credential_process said on stderr, secrets and all, went into the log", "writing the faults", []string{"credentials/process-complains"}},
	{"what a metadata service gave in place of credentials was repeated in the error", "playing the faults", []string{"credentials/instance-without-role", "credentials/broken-container-credentials"}},
	{"lines of the shared files that make no sense were passed over, and the run ended in a lack of credentials", "playing the faults", []string{"configuration/broken-config-file"}},
	{"an HTTPS_PROXY of a kind that sfnx does not speak was spoken to as if it were http", "writing the faults", []string{"configuration/proxy-variable-of-another-kind"}},
	{"answers that are not AWS's had exit code 1 or 3 in place of 10: empty ones, redirects, pages of 403 and 404", "playing the faults", []string{"connect/captive-portal", "connect/redirect", "connect/page-of-an-error", "connect/header-without-end"}},
	{"an object given for a field of another type was repeated in the error, with the secrets in it", "playing the faults", []string{"arguments/wrong-type"}},
	{"one answer to CONNECT that broke off ended the run with 11, where a direct connection is tried again", "make cuts", []string{"internal/fault/cut: TestStartExecutionIsCutAtEveryByte"}},
	{"the shell completions of every command that had run were kept in memory for good: 2.4 GB after 10,000 runs in one process", "make soak", []string{"internal/fault/soak: TestManyRunsLeaveNothingBehind"}},
	{"what AWS and proxies showed of what they were sent (session token, access key, external id, proxy password) was repeated in document, events and log", "reviewing, with another endpoint", []string{"credentials/shown-in-the-refusal", "proxy/shows-what-it-was-sent"}},
	{"the answer to a start was believed if it named another execution", "reviewing, with another endpoint", []string{"start/arn-of-another"}},
	{"an answer 101 was waited for without end, past every limit: Go hands its connection over without the time-out", "reviewing, with another endpoint", []string{"start/another-protocol"}},
	{"an answer without end was read until its time-out, gigabytes of it", "reviewing, with another endpoint", []string{"start/answer-without-end"}},
	{"two runners that froze their names in one state file at the same moment both started an execution", "reviewing, with another endpoint", []string{"start/two-runners"}},
	{"an execution that had been listed once and was then buried under newer ones was never looked at again by wait", "reviewing, with another endpoint", []string{"internal/sweep: TestExecutionsThatGetBuried"}},
	{"wait for several executions did not end at --wait-timeout while a call hung", "reviewing, with another endpoint", []string{"internal/sweep: TestACallThatHangsAtTheDeadline"}},
	{"with --on-exists fail and a lost answer, an execution of this run's own was refused if this machine's clock was ahead", "reviewing, with another endpoint", []string{"fsm: TestExecutionThatExistsAlready"}},
	{"a device without end, given as a file, took all memory", "reviewing, with another endpoint", []string{"internal/cli: TestReadFileHasABound"}},
	{"a redrive that was carried out, but whose answer got lost and whose repetition was refused, was followed by a new execution with --redrive-fallback new", "reviewing, with another endpoint", []string{"fsm: TestRetryModes"}},
	{"a Retry-After of years, or as a date of a clock that differs, made the pause so long", "reviewing, with another endpoint", []string{"backend/aws: TestRetryAfterHasALimit"}},
	{"the result replaced the state if both were given the same file", "reviewing, with another endpoint", []string{"output/result-to-state-file"}},
	{"a signal ended the wait for several executions with 124, and stopped none: in real time the limit that stands for it had passed", "reviewing, with another endpoint", []string{"internal/cli: TestASignalEndsTheWaitForSeveralInRealTime"}},
}
