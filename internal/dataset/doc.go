// Package dataset is what a distributed Map state reads and writes: the items behind an ItemReader, the batches of an
// ItemBatcher, the result files and manifest of a ResultWriter.
//
//	dir, err := dataset.OpenDir("s3")                 // s3/my-bucket/orders.csv is S3://my-bucket/orders.csv
//	items, err := dataset.Open(dir, dataset.Spec{
//		Resource:     "arn:aws:states:::s3:getObject",
//		Location:     dataset.Location{Bucket: "my-bucket", Key: "orders.csv"},
//		ReaderConfig: dataset.ReaderConfig{InputType: "CSV", CSVHeaderLocation: "FIRST_ROW"},
//	})
//	for {
//		item, ok, err := items.Next()             // one row, read when it is asked for
//		...
//	}
//
// Files are streamed: what is held is one item, and for a listing the list of objects. An *Error is a failure of the
// Map state, which a Catch may name; any other error is one of the machine that sfnx runs on, or a feature of AWS that
// is not simulated.
//
// It knows nothing of states: ItemSelector, MaxItemsPath and the other paths are evaluated before they get here. It never
// talks to S3, reads no Parquet and no Zstandard, and keeps no versions of objects.
package dataset
