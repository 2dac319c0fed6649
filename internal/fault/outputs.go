package fault

var outputs []Fault
