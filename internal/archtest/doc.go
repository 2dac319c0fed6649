// Package archtest holds the import rules of the module as a test, and the rule that the core reads no clock.
//
// A new arrow between packages is a new word in the table of table_test.go: visible, and to be argued for. The package
// exports nothing and is imported by nobody.
package archtest
