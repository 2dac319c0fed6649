package fault

var terminals []Fault
