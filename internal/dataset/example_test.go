package dataset_test

import (
	"fmt"

	"github.com/sfnx/sfnx/internal/dataset"
	"github.com/sfnx/sfnx/internal/value"
)

func Example() {
	store := memory{"shop/orders.csv": "id,city\n1,Oslo\n2,Lima\n3,Pune\n"}
	items, err := dataset.Open(store, dataset.Spec{
		Resource:     "arn:aws:states:::s3:getObject",
		Location:     dataset.Location{Bucket: "shop", Key: "orders.csv"},
		ReaderConfig: dataset.ReaderConfig{InputType: "CSV", CSVHeaderLocation: "FIRST_ROW"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	batches := dataset.Batcher{MaxItemsPerBatch: 2}.Over(func() (value.Value, bool, error) {
		item, ok, err := items.Next()
		return item.Value, ok, err
	})
	for {
		input, n, err := batches.Next()
		if err != nil || n == 0 {
			fmt.Println(n, err)
			return
		}
		fmt.Println(n, input)
	}
	// Output:
	// 2 {"Items":[{"city":"Oslo","id":"1"},{"city":"Lima","id":"2"}]}
	// 1 {"Items":[{"city":"Pune","id":"3"}]}
	// 0 <nil>
}
