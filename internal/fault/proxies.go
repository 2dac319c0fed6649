package fault

var proxies []Fault
