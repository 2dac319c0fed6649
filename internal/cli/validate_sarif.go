package cli

import (
	"fmt"
	"net/url"
	"path/filepath"

	"github.com/sfnx/sfnx/asl"
)

// sarif is a log of SARIF 2.1.0 (OASIS), as far as validate needs it.
type sarif struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool        sarifTool         `json:"tool"`
	ColumnKind  string            `json:"columnKind"`
	Invocations []sarifInvocation `json:"invocations"`
	Results     []sarifResult     `json:"results"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name           string      `json:"name"`
	Version        string      `json:"version"`
	InformationURI string      `json:"informationUri"`
	Rules          []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID string `json:"id"`
}

type sarifInvocation struct {
	ExecutionSuccessful        bool                `json:"executionSuccessful"`
	ToolExecutionNotifications []sarifNotification `json:"toolExecutionNotifications,omitempty"`
}

type sarifNotification struct {
	Level   string    `json:"level"`
	Message sarifText `json:"message"`
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifResult struct {
	RuleID    string          `json:"ruleId"`
	RuleIndex int             `json:"ruleIndex"`
	Level     string          `json:"level"`
	Message   sarifText       `json:"message"`
	Locations []sarifLocation `json:"locations"`
	// What stays the same when lines move: the rule and the path in the definition.
	PartialFingerprints map[string]string `json:"partialFingerprints"`
}

type sarifLocation struct {
	PhysicalLocation sarifPhysicalLocation  `json:"physicalLocation"`
	LogicalLocations []sarifLogicalLocation `json:"logicalLocations"`
}

type sarifPhysicalLocation struct {
	ArtifactLocation sarifArtifact `json:"artifactLocation"`
	Region           sarifRegion   `json:"region"`
}

type sarifArtifact struct {
	URI string `json:"uri"`
}

type sarifRegion struct {
	StartLine   int `json:"startLine"`
	StartColumn int `json:"startColumn"`
}

type sarifLogicalLocation struct {
	FullyQualifiedName string `json:"fullyQualifiedName"`
}

func sarifReport(all []checked, version string) sarif {
	run := sarifRun{ColumnKind: "unicodeCodePoints", Invocations: []sarifInvocation{{ExecutionSuccessful: true}}, Results: []sarifResult{},
		Tool: sarifTool{sarifDriver{Name: "sfnx", Version: version, InformationURI: "https://github.com/sfnx/sfnx", Rules: []sarifRule{}}}}
	rules := map[string]int{}
	for _, c := range all {
		if c.err != nil {
			i := &run.Invocations[0]
			i.ExecutionSuccessful = false
			i.ToolExecutionNotifications = append(i.ToolExecutionNotifications, sarifNotification{"error", sarifText{c.path + ": " + c.err.Error()}})
		}
		seen := map[string]int{}
		for _, f := range c.findings {
			index, known := rules[f.Code]
			if !known {
				index = len(run.Tool.Driver.Rules)
				rules[f.Code] = index
				run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{f.Code})
			}
			r := sarifFinding(c.path, f)
			r.RuleIndex = index
			what := f.Code + " " + f.Pointer
			seen[what]++
			r.PartialFingerprints = map[string]string{"ruleAndPointer/v1": fmt.Sprintf("%s #%d", what, seen[what])}
			run.Results = append(run.Results, r)
		}
	}
	return sarif{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run}}
}

func sarifFinding(path string, f asl.Diagnostic) sarifResult {
	r := sarifResult{RuleID: f.Code, Level: "warning", Message: sarifText{f.Message}}
	if f.Severity == asl.SeverityError {
		r.Level = "error"
	}
	if f.Hint != "" {
		r.Message.Text += " (" + f.Hint + ")"
	}
	uri := url.URL{Path: filepath.ToSlash(path)}
	if filepath.IsAbs(path) {
		uri.Scheme = "file"
	}
	r.Locations = []sarifLocation{{
		PhysicalLocation: sarifPhysicalLocation{sarifArtifact{uri.String()}, sarifRegion{f.Pos.Line, f.Pos.Column}},
		LogicalLocations: []sarifLogicalLocation{{f.Pointer}},
	}}
	return r
}
