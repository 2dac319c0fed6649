package fault

var refusals []Fault
