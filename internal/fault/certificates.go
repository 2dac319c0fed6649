package fault

import (
	"crypto/tls"
	"crypto/x509"
	"time"
)

// certificate lets a server show one of the authority's, for these hosts and spoilt before it is signed.
func (s *Scene) certificate(hosts []string, spoil func(*x509.Certificate)) func(*tls.Config) {
	cert, err := authority().Issue(hosts, spoil)
	s.check(err)
	return func(c *tls.Config) { c.Certificates = []tls.Certificate{cert} }
}

// expired is a certificate that was valid until some hours ago.
func expired(s *Scene) func(*x509.Certificate) {
	ago := time.Duration(s.N(1, 1000)) * time.Hour
	return func(c *x509.Certificate) {
		c.NotBefore, c.NotAfter = time.Now().Add(-ago-time.Hour), time.Now().Add(-ago)
	}
}

// notYetValid is one that will be valid in some hours.
func notYetValid(s *Scene) func(*x509.Certificate) {
	in := time.Duration(s.N(1, 20)) * time.Hour
	return func(c *x509.Certificate) { c.NotBefore = time.Now().Add(in) }
}

// upTo is a server that knows no TLS after a version.
func upTo(version uint16) func(*tls.Config) {
	return func(c *tls.Config) { c.MinVersion, c.MaxVersion = tls.VersionTLS10, version }
}
