package fault

var configuration []Fault
