// Package compatibility holds docs/compatibility.md to the truth, as a test.
//
// The page says of every field, error, function, integration and event of Step Functions whether sfnx does the same, differs
// or lacks it. The test reads the tables of the page and the tables in the code: nothing may be missing on either side, and
// each test that the page names must be there and speak of what it is named for. The verdicts are written by hand. The
// package exports nothing and is imported by nobody.
package compatibility
