package asl

import "testing"

func TestParseResource(t *testing.T) {
	const lambda, activity = "arn:aws:lambda:eu-west-1:111122223333:function:", "arn:aws:states:eu-west-1:111122223333:activity:"
	for _, test := range []struct {
		arn  string
		want Resource
	}{
		{lambda + "order", Resource{Kind: LambdaFunction}},
		{lambda + "order:$LATEST", Resource{Kind: LambdaFunction}},
		{"arn:aws-cn:lambda:cn-north-1:111122223333:function:order:live", Resource{Kind: LambdaFunction}},
		{activity + "pack", Resource{Kind: Activity}},
		{"arn:aws:states:::lambda:invoke", Resource{Kind: Integration, Service: "lambda", Action: "invoke"}},
		{"arn:aws:states:::emr-containers:startJobRun", Resource{Kind: Integration, Service: "emr-containers", Action: "startJobRun"}},
		{"arn:aws:states:::ecs:runTask.sync", Resource{Kind: Integration, Service: "ecs", Action: "runTask.sync", Pattern: Sync}},
		{"arn:aws:states:::states:startExecution.sync:2", Resource{Kind: Integration, Service: "states", Action: "startExecution.sync:2", Pattern: Sync2}},
		{"arn:aws:states:::sqs:sendMessage.waitForTaskToken", Resource{Kind: Integration, Service: "sqs", Action: "sendMessage.waitForTaskToken", Pattern: WaitForTaskToken}},
		{"arn:aws:states:::aws-sdk:s3:getObject", Resource{Kind: Integration, Service: "aws-sdk:s3", Action: "getObject"}},
		{"arn:aws:states:::aws-sdk:s3:listBuckets.waitForTaskToken", Resource{Kind: Integration, Service: "aws-sdk:s3", Action: "listBuckets.waitForTaskToken", Pattern: WaitForTaskToken}},
		{"arn:aws:states:eu-west-1:111122223333:aws-sdk:s3:getObject", Resource{Kind: Integration, Service: "aws-sdk:s3", Action: "getObject"}},
		{"arn:aws:states:::http:invoke", Resource{Kind: Integration, Service: "http", Action: "invoke"}},
	} {
		test.want.ARN = test.arn
		if got, ok := parseResource(test.arn, false); !ok || got != test.want {
			t.Errorf("parseResource(%q) = %+v, %v, want %+v", test.arn, got, ok, test.want)
		}
	}
}

func TestParseResourceRefuses(t *testing.T) {
	for _, arn := range []string{
		"", "order", "arn", "arn:aws:states:::",
		"arn:aws:lambda:eu-west-1:111122223333:function:",
		"arn:aws:lambda:eu-west-1:111122223333:layer:order",
		"arn:aws:lambda:eu-west-1:111122223333:function:a:b:c",
		"arn:aws:states:eu-west-1:111122223333:stateMachine:order",
		"arn:aws:s3:::bucket",
		"arn:aws:states:::lambda",
		"arn:aws:states:::lambda:",
		"arn:aws:states:::lambda:Invoke",
		"arn:aws:states:::lambda:invoke.sync",
		"arn:aws:states:::lambda:invoke.",
		"arn:aws:states:::lambda:invoke.wait",
		"arn:aws:states:::batch:submitJob.sync:2",
		"arn:aws:states:::dynamodb:query",
		"arn:aws:states:::aws-sdk:s3",
		"arn:aws:states:::aws-sdk:s3:GetObject",
		"arn:aws:states:::aws-sdk:glue:startJobRun.sync",
		"${OrderFunctionArn}",
	} {
		if got, ok := parseResource(arn, false); ok {
			t.Errorf("parseResource(%q) = %+v, want a refusal", arn, got)
		}
	}
}

func TestParseResourceWithPlaceholders(t *testing.T) {
	for _, test := range []struct {
		arn  string
		want Resource
	}{
		{"${OrderFunctionArn}", Resource{Kind: LambdaFunction}},
		{"arn:aws:lambda:::function:${Name}", Resource{Kind: LambdaFunction}},
		{"arn:${AWS::Partition}:states:::sns:publish", Resource{Kind: Integration, Service: "sns", Action: "publish"}},
	} {
		test.want.ARN = test.arn
		if got, ok := parseResource(test.arn, true); !ok || got != test.want {
			t.Errorf("parseResource(%q) = %+v, %v, want %+v", test.arn, got, ok, test.want)
		}
	}
	if got, ok := parseResource("arn:aws:states:::${Service}:invoke", true); ok {
		t.Errorf("a service that is not known yet gives %+v", got)
	}
}
