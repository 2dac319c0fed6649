package jsonata_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sfnx/sfnx/internal/jsonata"
)

func TestReferences(t *testing.T) {
	kinds := map[jsonata.Use]string{jsonata.UsesVariable: "$", jsonata.UsesContext: "context", jsonata.UsesRoot: "root", jsonata.UsesField: "field "}
	for src, want := range map[string]string{
		`$states.input.a.b[0].c`:                 `$states.input.a.b@7`,
		`$x + y`:                                 `$x@2; field y@6`,
		`$sum(items.price)`:                      `$sum!@4; field items.price@10`,
		`$`:                                      `context@1`,
		`$$.a`:                                   `root.a@2`,
		`$states.input.($ & name & $y)`:          `$states.input@7; $y@28`,
		`($a := 1; $a + $b)`:                     `$b@17`,
		`$a := $a`:                               ``,
		`function($p){ $p + $q + r }`:            `$q@21; field r@25`,
		`$states.input.items[price > $least]`:    `$states.input.items@7; $least@34`,
		`$states.input.items@$i.($i.x & $j)`:     `$states.input.items@7; $j@33`,
		`{"a": b, $c: $d.e}`:                     `field b@7; $c@11; $d.e@15`,
		`$states.input ~> |$|{"x": y, "z": $w}|`: `$states.input@7; $w@36`,
		`*`:                                      `field *@1`,
		`$states.**.x`:                           `$states@7`,
		`($f := function($n){ $n = 0 ? 0 : $f($n - 1) }; $f($k))`:    `$k@53`,
		`$states.input.a^(>b, $k){c: $d}`:                            `$states.input.a@7; $k@23; $d@30`,
		`$exists($states.errorOutput) ? $states.errorOutput.Cause`:   `$exists!@7; $states.errorOutput@15; $states.errorOutput.Cause@38`,
		`"é" & $states.context.Execution.Id`:                         `$states.context.Execution.Id@13`,
		`$map($states.input, function($v, $i) { $v.a + $i + $$.b })`: `$map!@4; $states.input@12; root.b@53`,
	} {
		e, err := jsonata.Compile(src)
		if err != nil {
			t.Errorf("%s: %v", src, err)
			continue
		}
		var got []string
		for _, r := range e.References() {
			s := kinds[r.Use] + strings.Join(append([]string{r.Name}, r.Path...), ".")
			if r.Builtin {
				s += "!"
			}
			got = append(got, fmt.Sprintf("%s@%d", s, r.Position))
		}
		if s := strings.Join(got, "; "); s != want {
			t.Errorf("%s:\n got %s\nwant %s", src, s, want)
		}
	}
}
