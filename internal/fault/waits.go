package fault

var waits []Fault
