//go:build !linux

package fault

// Unanswered is an address where connections are neither opened nor refused. Where the queue of a listener cannot be kept
// full, it is one where a connection is opened and nothing else happens.
func (s *Scene) Unanswered() string { return s.Listener(listen) }

func (s *Scene) blackHole(string) {}
