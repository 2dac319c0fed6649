package fault

var connections []Fault
