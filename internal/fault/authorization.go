package fault

var authorization []Fault
