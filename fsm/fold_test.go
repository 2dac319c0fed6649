package fsm

import (
	"testing"

	"github.com/sfnx/sfnx/backend"
)

func TestEndingOf(t *testing.T) {
	for _, code := range backend.Codes() {
		if e := EndingOf(code); !e.Final() || e == Succeeded || e == Started {
			t.Errorf("%s leads to %s, want the ending of a failure", code, e)
		}
	}
	for code, want := range map[backend.Code]State{
		backend.Authentication: AuthenticationError, backend.Authorization: AuthorizationError, backend.Throttled: ConnectionError,
		backend.Proxy: ProxyError, backend.Validation: DataValidationError, backend.Unexpected: UnexpectedError, "of tomorrow": UnexpectedError,
	} {
		if got := EndingOf(code); got != want {
			t.Errorf("%s leads to %s, want %s", code, got, want)
		}
	}
}
