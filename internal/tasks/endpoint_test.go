package tasks_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/sfnx/sfnx/backend/sim"
	"github.com/sfnx/sfnx/internal/tasks"
)

// functions is an endpoint, and what it was asked.
type functions struct {
	*httptest.Server
	requests []string
}

// serve starts an endpoint that answers each request in the same way.
func serve(t *testing.T, answer http.HandlerFunc) *functions {
	t.Helper()
	f := &functions{}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		f.requests = append(f.requests, fmt.Sprintf("%s %s %s", r.Method, r.RequestURI, body))
		answer(w, r)
	}))
	t.Cleanup(f.Close)
	return f
}

// functionFails answers with an error of the function.
func functionFails(payload string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Amz-Function-Error", "Unhandled")
		fmt.Fprint(w, payload)
	}
}

// serviceFails answers with an error of the service.
func serviceFails(status int, kind, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if kind != "" {
			w.Header().Set("X-Amzn-Errortype", kind)
		}
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

func says(payload string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, payload) }
}

func at(t *testing.T, address string) *tasks.Task {
	t.Helper()
	task, err := tasks.ParseTask("*="+address, tasks.TaskOptions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(task.Close)
	return task
}

func TestEndpoint(t *testing.T) {
	const invokeCharge = `"Parameters": {"FunctionName": "charge:live", "Payload.$": "$"},`
	const payload = `{"errorMessage": "no",  "errorType": "Card.Declined"}`
	for _, c := range []struct {
		name       string
		definition string
		path       string // after the address of the endpoint
		answer     http.HandlerFunc
		request    string
		want       string
	}{
		{"a function", taskState(function, ``), "", says(`{"f": 1.0}`), `/2015-03-31/functions/charge/invocations {"n":1.50}`, `{"f":1.0}`},
		{"a function with a qualifier", taskState(function+":7", ``), "/", says(``), `/2015-03-31/functions/charge/invocations?Qualifier=7 {"n":1.50}`, `null`},
		{"lambda:invoke", taskState(invoke, invokeCharge), "", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Amz-Executed-Version", "12")
			fmt.Fprint(w, `[1, 2]`)
		}, `/2015-03-31/functions/charge/invocations?Qualifier=live {"n":1.50}`, `{"ExecutedVersion":"12","Payload":[1,2],"StatusCode":200}`},
		{"a path before that of the API", taskState(function, ``), "/lambda/", says(`1`), `/lambda/2015-03-31/functions/charge/invocations {"n":1.50}`, `1`},
		{"the path of one function", taskState(function, ``), "/2015-03-31/functions/function/invocations", says(`1`), `/2015-03-31/functions/function/invocations {"n":1.50}`, `1`},
		{"an error of a function", taskState(function, ``), "", functionFails(payload), ``, `{"Error":"Card.Declined","Cause":"{\"errorMessage\": \"no\",  \"errorType\": \"Card.Declined\"}"}`},
		{"an error of lambda:invoke", taskState(invoke, invokeCharge), "", functionFails(payload), ``, `{"Error":"Card.Declined","Cause":"{\"errorMessage\":\"no\",\"errorType\":\"Card.Declined\"}"}`},
		{"an error without a type", taskState(function, ``), "", functionFails(`{"errorMessage":"gone"}`), ``, `{"Error":"Lambda.Unknown","Cause":"The cause could not be determined because Lambda did not return an error type. Returned payload: {\"errorMessage\":\"gone\"}"}`},
		{"an error that is no JSON", taskState(invoke, invokeCharge), "", functionFails(`gone`), ``, `{"Error":"Lambda.Unknown","Cause":"The cause could not be determined because Lambda did not return an error type. Returned payload: gone"}`},
		{"no such function", taskState(function, ``), "", serviceFails(404, "ResourceNotFoundException:http://internal/", `{"Type": "User", "Message": "Function not found: x"}`), ``, `{"Error":"Lambda.ResourceNotFoundException","Cause":"Function not found: x (Service: AWSLambda; Status Code: 404; Error Code: ResourceNotFoundException; Request ID: `},
		{"too many requests", taskState(function, ``), "", serviceFails(429, "TooManyRequestsException", `{"message": "Rate Exceeded."}`), ``, `{"Error":"Lambda.TooManyRequestsException","Cause":"Rate Exceeded. (Service: AWSLambda; Status Code: 429; `},
		{"a failure without a name", taskState(function, ``), "", serviceFails(502, "", `<html>`), ``, `{"Error":"Lambda.AWSLambdaException","Cause":"502 Bad Gateway (Service: AWSLambda; Status Code: 502; Error Code: AWSLambdaException; `},
		{"a response that breaks off", taskState(function, ``), "", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			fmt.Fprint(w, `{"a":`)
		}, ``, `{"Error":"Lambda.SdkClientException","Cause":"Unable to execute HTTP request: unexpected EOF"}`},
		{"a response that is too large", taskState(function, ``), "", says(`"` + strings.Repeat("x", 7_000_000) + `"`), ``, `{"Error":"Function.ResponseSizeTooLarge"`},
		{"a response that is no JSON", taskState(function, ``), "", says(`<html>`), ``, `Task state "Charge" (` + function + `): task "*": the result is not valid JSON at line 1, column 1: unexpected '<', want a value`},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := serve(t, c.answer)
			region, arn := start(t, c.definition, at(t, f.URL+c.path))
			got := undecorated(outcome(t, region, arn, "x", `{"n": 1.50}`))
			if !strings.HasPrefix(got, c.want) {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if len(f.requests) != 1 || c.request != "" && f.requests[0] != "POST "+c.request {
				t.Errorf("got the requests %q, want %s", f.requests, c.request)
			}
		})
	}
}

func TestRequestsOfInvoke(t *testing.T) {
	f := serve(t, func(w http.ResponseWriter, r *http.Request) {
		h := r.Header
		w.Header().Set("X-Amz-Log-Result", "bG9n")
		fmt.Fprintf(w, `"%s %s %s %s"`, h.Get("Content-Type"), h.Get("X-Amz-Invocation-Type"), h.Get("X-Amz-Log-Type"), h.Get("X-Amz-Client-Context"))
	})
	region, arn := start(t, taskState(invoke, `"Parameters": {"FunctionName": "charge", "LogType": "Tail", "ClientContext": "e30="},`), at(t, f.URL))
	want := `{"ExecutedVersion":"$LATEST","LogResult":"bG9n","Payload":"application/json RequestResponse Tail e30=","StatusCode":200}`
	if got := undecorated(outcome(t, region, arn, "x", `{}`)); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestOnlyTheAddressIsCalled(t *testing.T) {
	other := serve(t, says(`1`))
	f := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL, http.StatusTemporaryRedirect)
	})
	region, arn := start(t, taskState(function, ``), at(t, f.URL))
	if got := outcome(t, region, arn, "x", `{}`); !strings.HasPrefix(got, `{"Error":"Lambda.AWSLambdaException","Cause":"307 Temporary Redirect (`) || len(other.requests) != 0 {
		t.Errorf("got %s, the other endpoint was asked %q", got, other.requests)
	}
}

func TestAnEndpointAnswersFunctionsOnly(t *testing.T) {
	region, arn := start(t, taskState(sendMessage, ``), at(t, "http://127.0.0.1:1"))
	if got := outcome(t, region, arn, "x", `{}`); !strings.HasSuffix(got, `calls no function, and http://127.0.0.1:1 answers functions only: use exec:COMMAND or --mock`) {
		t.Errorf("got %s", got)
	}
}

func TestAnEndpointThatIsNotThere(t *testing.T) {
	f := serve(t, says(`1`))
	f.Close()
	region, arn := start(t, taskState(function, ``), at(t, f.URL))
	if got := outcome(t, region, arn, "x", `{}`); !strings.HasPrefix(got, `{"Error":"Lambda.SdkClientException","Cause":"Unable to execute HTTP request: dial tcp 127.0.0.1:`) {
		t.Errorf("got %s", got)
	}
}

func TestARequestIsGivenUpWhenTheTimeoutHasPassed(t *testing.T) {
	done := make(chan struct{})
	f := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-done:
		}
	})
	defer close(done)
	c := call(t, "Charge", function, `{}`)
	c.Timeout = 100 * time.Millisecond
	if got, err := at(t, f.URL).Answer(c); err != nil || got != sim.Never() {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestTheAnswerOfAnEndpointComesAsLateAsItTook(t *testing.T) {
	f := serve(t, says(`1`))
	task := at(t, f.URL)
	task.SetNow(ticks(0, 250*time.Millisecond+1))
	region, arn := start(t, taskState(function, ``), task)
	before := region.Now()
	outcome(t, region, arn, "x", `{}`)
	if got := region.Now().Sub(before); got != 251*time.Millisecond {
		t.Errorf("took %v of virtual time", got)
	}
}
