package interp_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sfnx/sfnx/internal/interp"
	"github.com/sfnx/sfnx/internal/value"
)

// unlimited takes off the limit on events, for loads that are beyond it.
var unlimited = interp.Limits{Events: -1}

// chain is a definition of n states, one after the other; state gives the inside of one, without Next and End.
func chain(n int, name string, state func(i int) string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `"StartAt":"%s1","States":{`, name)
	for i := 1; i <= n; i++ {
		next := `"End":true},`
		if i < n {
			next = fmt.Sprintf(`"Next":"%s%d"},`, name, i+1)
		}
		fmt.Fprintf(&b, `"%s%d":{%s,%s`, name, i, state(i), next)
	}
	return strings.TrimSuffix(b.String(), ",") + "}"
}

// loop counts to n in a Choice loop.
func loop(n int) string {
	return fmt.Sprintf(`{"StartAt":"Init","States":{
		"Init":{"Type":"Pass","Result":{"i":0},"Next":"Add"},
		"Add":{"Type":"Pass","Parameters":{"i.$":"States.MathAdd($.i, 1)"},"Next":"More"},
		"More":{"Type":"Choice","Choices":[{"Variable":"$.i","NumericLessThan":%d,"Next":"Add"}],"Default":"Done"},
		"Done":{"Type":"Succeed"}}}`, n)
}

// listOf is a JSON array of n items.
func listOf(n int, item func(i int) string) string {
	list := make([]string, n)
	for i := range list {
		list[i] = item(i)
	}
	return "[" + strings.Join(list, ",") + "]"
}

var loads = []struct {
	name       string
	definition string
	input      string
	limits     interp.Limits
}{
	{"1000BarePass", "{" + chain(1000, "S", func(int) string { return `"Type":"Pass"` }) + "}", `{"a":1}`, interp.Limits{}},
	{"1000ShapingPass", "{" + chain(1000, "S", func(i int) string {
		return fmt.Sprintf(`"Type":"Pass","Parameters":{"name.$":"$.user.name","first.$":"$.items[0]","k":%d},"ResultPath":"$.r"`, i)
	}) + "}", `{"user":{"name":"ada","id":7},"items":[1,2,3],"r":null}`, interp.Limits{}},
	{"Loop2000", loop(2000), `{}`, interp.Limits{}},
	{"Loop10000", loop(10_000), `{}`, unlimited},
	{"Map10000", `{"StartAt":"M","States":{"M":{"Type":"Map","ItemsPath":"$.items","ItemProcessor":{"StartAt":"P","States":{
		"P":{"Type":"Pass","Parameters":{"id.$":"$.id","l.$":"States.Format('{}-{}', $.n, $.id)"},"End":true}}},"End":true}}}`,
		`{"items":` + listOf(10_000, func(i int) string { return fmt.Sprintf(`{"id":%d,"n":"x"}`, i) }) + `}`, interp.Limits{Events: -1, PayloadBytes: -1}},
	{"Parallel10x50", `{"StartAt":"P","States":{"P":{"Type":"Parallel","Branches":` + listOf(10, func(b int) string {
		return "{" + chain(50, fmt.Sprintf("B%dS", b), func(i int) string {
			return fmt.Sprintf(`"Type":"Pass","Parameters":{"v.$":"$.v","k":%d}`, i)
		}) + "}"
	}) + `,"End":true}}}`, `{"v":"x"}`, interp.Limits{}},
	{"LargeInput", "{" + chain(100, "X", func(int) string {
		return `"Type":"Pass","Parameters":{"first.$":"$.rows[0].id","ids.$":"$.rows[*].id","n.$":"States.ArrayLength($.rows)","zip.$":"$.rows[500].addr.zip"},"ResultPath":"$.s"`
	}) + "}", `{"rows":` + listOf(980, func(i int) string {
		return fmt.Sprintf(`{"id":%d,"name":"customer-%05d","score":%d,"tags":["alpha","beta","t%d"],"addr":{"street":"%d Long Example Road, building %d","city":"Exampletown","zip":"%d"},"note":"%s"}`,
			1000+i, i, i%100, i%7, i, i%17, 10_000+i, strings.Repeat("x", 24))
	}) + `}`, interp.Limits{}},
}

// BenchmarkRun runs whole executions, from Start to the end; compiling is not part of it.
func BenchmarkRun(b *testing.B) {
	for _, load := range loads {
		b.Run(load.name, func(b *testing.B) {
			m, err := parseMachine(load.definition)
			if err != nil {
				b.Fatal(err)
			}
			input, err := value.Parse(load.input)
			if err != nil {
				b.Fatal(err)
			}
			p := interp.Compile(m)
			b.ReportAllocs()
			events := 0
			for b.Loop() {
				x := interp.New(p, interp.Config{Input: input, InputText: load.input, Limits: load.limits})
				events = len(x.Step(epoch, interp.Start{}).Events)
				if x.Status() != interp.Succeeded {
					_, err, cause := x.Result()
					b.Fatalf("it ended with %s, %s", quote(err), quote(cause))
				}
			}
			b.ReportMetric(float64(events), "events")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(events), "ns/event")
		})
	}
}

// BenchmarkCompile links a machine of 1,000 states.
func BenchmarkCompile(b *testing.B) {
	m, err := parseMachine(loads[1].definition)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		interp.Compile(m)
	}
}
