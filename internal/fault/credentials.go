package fault

var credentials []Fault
