package backend

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// ARN is a Step Functions resource name, taken apart.
//
//	arn:PARTITION:states:REGION:ACCOUNT:KIND:NAME[:QUALIFIER]
type ARN struct {
	Partition string // aws, aws-cn, aws-us-gov ...
	Region    string
	Account   string // 12 digits
	Kind      string // stateMachine, execution, express, activity, mapRun
	Name      string // of the state machine (with /label for children of a Map) or activity
	Qualifier string // version number or alias (stateMachine), execution name (execution, express)
	ID        string // the trailing id of an express execution
}

// ParseARN takes a Step Functions ARN apart. The error says what was expected.
func ParseARN(s string) (ARN, error) {
	if !utf8.ValidString(s) {
		return ARN{}, fmt.Errorf("%q is not UTF-8, which an ARN is", s)
	}
	p := strings.SplitN(s, ":", 9)
	if len(p) < 7 || p[0] != "arn" {
		return ARN{}, fmt.Errorf("%q is not an ARN like arn:aws:states:eu-west-1:123456789012:stateMachine:NAME", s)
	}
	a := ARN{Partition: p[1], Region: p[3], Account: p[4], Kind: p[5], Name: p[6]}
	if len(p) > 7 {
		a.Qualifier = p[7]
	}
	if len(p) > 8 {
		a.ID = p[8]
	}
	switch {
	case a.Partition != "aws" && !strings.HasPrefix(a.Partition, "aws-"):
		return ARN{}, fmt.Errorf("the partition of %q is %q, want aws, aws-cn, aws-us-gov or another one of aws", s, a.Partition)
	case p[2] != "states":
		return ARN{}, fmt.Errorf("the service of %q is %q, want states", s, p[2])
	case !isRegion(a.Region):
		return ARN{}, fmt.Errorf("the region of %q is %q, want one like eu-west-1", s, a.Region)
	case !isAccount(a.Account):
		return ARN{}, fmt.Errorf("the account of %q is %q, want 12 digits", s, a.Account)
	case a.Name == "":
		return ARN{}, fmt.Errorf("%q has no name after %q", s, a.Kind)
	case len(p) > 7 && a.Qualifier == "", len(p) > 8 && a.ID == "":
		return ARN{}, fmt.Errorf("%q ends in an empty part", s)
	}
	switch want := a.parts(); {
	case want == nil:
		return ARN{}, fmt.Errorf("the resource of %q is a %q, want stateMachine, execution, express, activity or mapRun", s, a.Kind)
	case len(p) < want[0] || len(p) > want[1]:
		return ARN{}, fmt.Errorf("%q has %d parts, which no %s ARN has", s, len(p), a.Kind)
	}
	return a, nil
}

// parts is the least and the greatest number of colon-separated parts of this kind, nil if the kind is unknown.
func (a ARN) parts() []int {
	switch a.Kind {
	case "stateMachine":
		return []int{7, 8}
	case "execution", "mapRun":
		return []int{8, 8}
	case "express":
		return []int{9, 9}
	case "activity":
		return []int{7, 7}
	}
	return nil
}

// String puts the ARN together again.
func (a ARN) String() string {
	s := "arn:" + a.Partition + ":states:" + a.Region + ":" + a.Account + ":" + a.Kind + ":" + a.Name
	if a.Qualifier != "" {
		s += ":" + a.Qualifier
	}
	if a.ID != "" {
		s += ":" + a.ID
	}
	return s
}

// Execution is the ARN of an execution of this state machine. It carries neither version nor alias, as recorded.
func (a ARN) Execution(name string) ARN {
	a.Kind, a.Qualifier, a.ID = "execution", name, ""
	return a
}

// StateMachine is the plain ARN of the state machine that this ARN belongs to.
func (a ARN) StateMachine() ARN {
	a.Kind, a.Qualifier, a.ID = "stateMachine", "", ""
	return a
}

func isAccount(s string) bool {
	if len(s) != 12 {
		return false
	}
	return strings.Trim(s, "0123456789") == ""
}

func isRegion(s string) bool {
	return s != "" && s[0] >= 'a' && s[0] <= 'z' && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}
