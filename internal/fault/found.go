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
}
