package intrinsic_test

import (
	"testing"

	"github.com/sfnx/sfnx/internal/intrinsic"
)

func BenchmarkEval(b *testing.B) {
	input := parse(b, `{"name":"Ada","n":41}`)
	for _, src := range []string{"States.Format('Hello {}, {}', $.name, $.n)", "States.MathAdd($.n, 1)", "States.UUID()", "States.Hash($.name, 'SHA-256')"} {
		call, err := intrinsic.Parse(src)
		if err != nil {
			b.Fatal(err)
		}
		env := &same{world{call: call, input: input, random: 7}}
		env.input, _ = input.Get("n")
		b.Run(src, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				env.spent = 0
				if _, err := call.Eval(env); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
