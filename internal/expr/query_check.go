package expr

import "github.com/sfnx/sfnx/internal/jsonata"

// unsupportedQuery finds what AWS refuses in a correct expression, in its words; empty if nothing.
func unsupportedQuery(*jsonata.Expr, bool) string { return "" }
