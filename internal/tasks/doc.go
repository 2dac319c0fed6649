// Package tasks answers the Task states of a simulated region from mocks: canned results and failures, by state name and
// number of invocation.
//
//	config, err := tasks.ParseMockConfig(text)            // MockConfigFile.json of AWS Step Functions Local
//	mocks, err := config.Case("order", "HappyPath")
//	mock, err := tasks.ParseMock(`Charge={"StatusCode":200}`, os.ReadFile)
//	region := sim.New(sim.Config{Tasks: mocks.With(mock)}) // what With adds wins
//
// Invocations are counted from 0 for each execution and state name, in the order in which the tasks start; each retry and
// each iteration of a Map is one. A task without an answer stops the execution with an error that says what to add.
//
// A mock stands for the whole task: for arn:aws:states:::lambda:invoke a result is the API's response (StatusCode,
// Payload ...), for a bare function ARN it is what the function returns. Results are not checked against any API, and no
// service is ever called.
package tasks
