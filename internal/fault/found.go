package fault

// Defect is something that was wrong with sfnx and is not any more.
type Defect struct {
	What   string
	By     string   // who or what found it
	Faults []string // that play it
}

// Found are the defects that the faults of this package, or their writing, brought to light.
var Found = []Defect{
	{"stdout that was closed by the caller swallowed the document, with exit code 0: Go's runtime puts /dev/null in its place", "writing the faults of the stage output", []string{"cmd/sfnx: TestAClosedStdoutIsOne"}},
	{"the roles and web identities of profiles were asked of AWS itself, whatever AWS_ENDPOINT_URL said: the SDK makes their clients before it reads it", "the fault", []string{"credentials/refused-web-identity"}},
	{"a credential_process whose child kept its output open was waited for without end", "the fault", []string{"credentials/process-leaves-a-child", "credentials/process-hangs"}},
	{"what a credential_process said on stderr, secrets and all, went into the log", "writing the fault", []string{"credentials/process-complains"}},
	{"what a metadata service gave in place of credentials was repeated in the error", "the fault", []string{"credentials/instance-without-role", "credentials/broken-container-credentials"}},
	{"lines of the shared files that make no sense were passed over, and the run ended in a lack of credentials", "the fault", []string{"configuration/broken-config-file"}},
	{"an HTTPS_PROXY of a kind that sfnx does not speak was spoken to as if it were http", "writing the fault", []string{"configuration/proxy-variable-of-another-kind"}},
	{"answers that are not AWS's had exit code 1 or 3 in place of 10: empty ones, redirects, pages of 403 and 404", "the faults", []string{"connect/captive-portal", "connect/redirect", "connect/page-of-an-error", "connect/header-without-end"}},
	{"an object given for a field of another type was repeated in the error, with the secrets in it", "the fault", []string{"arguments/wrong-type"}},
}
