package fault

var signals []Fault
