package sim_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sfnx/sfnx/backend"
	"github.com/sfnx/sfnx/backend/sim"
	"github.com/sfnx/sfnx/internal/dataset"
)

// TestDistributedMapFields runs a distributed Map whose iterations give their input back, or fail if that is {"fail":true}.
// Expectations are AWS's guide's, errors recorded.
func TestDistributedMapFields(t *testing.T) {
	const csv = `"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","Parameters":{"Bucket":"data","Key":"rows.csv"},"ReaderConfig":{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW"`
	for name, c := range map[string]struct{ fields, input, want string }{
		"one item an execution":                {``, `[1,2]`, `[1,2]`},
		"ItemsPath":                            {`"ItemsPath":"$.a[1:]"`, `{"a":[1,2,3]}`, `[2,3]`},
		"ItemSelector":                         {`"ItemSelector":{"v.$":"$$.Map.Item.Value","i.$":"$$.Map.Item.Index","all.$":"$"}`, `[5]`, `[{"all":[5],"v":5,"i":0}]`},
		"MaxConcurrencyPath":                   {`"ItemsPath":"$.a","MaxConcurrencyPath":"$.n"`, `{"a":[1,2],"n":1}`, `[1,2]`},
		"MaxItemsPerBatch":                     {`"ItemBatcher":{"MaxItemsPerBatch":2}`, `[1,2,3]`, `[{"Items":[1,2]},{"Items":[3]}]`},
		"MaxItemsPerBatchPath":                 {`"ItemsPath":"$.a","ItemBatcher":{"MaxItemsPerBatchPath":"$.n"}`, `{"a":[1,2,3],"n":2}`, `[{"Items":[1,2]},{"Items":[3]}]`},
		"MaxInputBytesPerBatch":                {`"ItemBatcher":{"MaxInputBytesPerBatch":17}`, `[11,22,33]`, `[{"Items":[11,22]},{"Items":[33]}]`},
		"MaxInputBytesPerBatchPath":            {`"ItemsPath":"$.a","ItemBatcher":{"MaxInputBytesPerBatchPath":"$.n"}`, `{"a":[11,22,33],"n":17}`, `[{"Items":[11,22]},{"Items":[33]}]`},
		"BatchInput":                           {`"ItemsPath":"$.a","ItemBatcher":{"MaxItemsPerBatch":9,"BatchInput":{"x.$":"$.x"}}`, `{"a":[1],"x":7}`, `[{"BatchInput":{"x":7},"Items":[1]}]`},
		"MaxItems":                             {csv + `,"MaxItems":1}}`, `{}`, `[{"a":"1"}]`},
		"MaxItemsPath":                         {csv + `,"MaxItemsPath":"$.n"}}`, `{"n":2}`, `[{"a":"1"},{"a":"2"}]`},
		"WriterConfig without a place":         {`"ResultWriter":{"WriterConfig":{"Transformation":"FLATTEN","OutputType":"JSON"}}`, `[[1,2],3]`, `[1,2,3]`},
		"no tolerance":                         {``, `[{"fail":true},1]`, `States.ExceedToleratedFailureThreshold: The specified tolerated failure threshold was exceeded`},
		"ToleratedFailureCount":                {`"ToleratedFailureCount":1`, `[{"fail":true},1]`, `[1]`},
		"ToleratedFailureCount exceeded":       {`"ToleratedFailureCount":1`, `[{"fail":true},{"fail":true}]`, `States.ExceedToleratedFailureThreshold: The specified tolerated failure threshold was exceeded`},
		"ToleratedFailureCountPath":            {`"ItemsPath":"$.a","ToleratedFailureCountPath":"$.n"`, `{"a":[{"fail":true},1],"n":1}`, `[1]`},
		"ToleratedFailurePercentage":           {`"ToleratedFailurePercentage":50`, `[{"fail":true},1]`, `[1]`},
		"ToleratedFailurePercentage exceeded":  {`"ToleratedFailurePercentage":49.9`, `[{"fail":true},1]`, `States.ExceedToleratedFailureThreshold: The specified tolerated failure threshold was exceeded`},
		"ToleratedFailurePercentagePath":       {`"ItemsPath":"$.a","ToleratedFailurePercentagePath":"$.n"`, `{"a":[{"fail":true},1],"n":50}`, `[1]`},
		"an object that is missing":            {strings.Replace(csv, "rows", "none", 1) + `}}`, `{}`, `States.ItemReaderFailed`},
		"a bucket that is missing for results": {`"ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"none","Prefix":"p"}}`, `[1]`, `States.ResultWriterFailed`},
	} {
		t.Run(name, func(t *testing.T) {
			if fields := c.fields; fields != "" {
				c.fields = "," + fields
			}
			root := t.TempDir()
			if err := os.Mkdir(filepath.Join(root, "data"), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(root, "data", "rows.csv"), []byte("a\n1\n2\n3\n"), 0o644); err != nil {
				t.Fatal(err)
			}
			dir, err := dataset.OpenDir(root)
			if err != nil {
				t.Fatal(err)
			}
			r := sim.New(sim.Config{Store: dir, Sink: dir})
			machine := create(t, r, "M", backend.Standard, `{"StartAt":"M","States":{"M":{"Type":"Map","End":true,"Label":"Each"`+c.fields+`,"ItemProcessor":{
				"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"C","States":{
				"C":{"Type":"Choice","Choices":[{"And":[{"Variable":"$.fail","IsPresent":true},{"Variable":"$.fail","BooleanEquals":true}],"Next":"F"}],"Default":"P"},
				"P":{"Type":"Pass","End":true},"F":{"Type":"Fail","Error":"Unwanted"}}}}}}`)
			arn := start(t, r, machine, "x", c.input)
			r.Advance(r.Now().Add(time.Hour))
			x := describe(t, r, arn)
			got := ""
			switch {
			case x.Output != nil:
				got = *x.Output
			case x.Error != nil && strings.Contains(c.want, ":"):
				got = *x.Error + ": " + *x.Cause
			case x.Error != nil:
				got = *x.Error
			}
			if got != c.want {
				t.Errorf("got %s %s, want %s", x.Status, got, c.want)
			}
			if !strings.Contains(historyText(t, r, arn), ":mapRun:M/Each:") {
				t.Errorf("the Map Run does not carry the Label: %s", historyText(t, r, arn))
			}
		})
	}
}
