package fault

var arguments []Fault
