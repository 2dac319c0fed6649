package asl

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// integrations are the optimized service integrations, their actions, and the patterns that each has besides
// request-response: s .sync, 2 .sync:2, t .waitForTaskToken.
var integrations = map[string]map[string]string{
	"apigateway": {"invoke": "t"},
	"athena":     {"startQueryExecution": "s", "stopQueryExecution": "", "getQueryExecution": "", "getQueryResults": ""},
	"batch":      {"submitJob": "s"},
	"bedrock":    {"invokeModel": "t", "createModelCustomizationJob": "s"},
	"codebuild": {"startBuild": "s", "stopBuild": "", "batchDeleteBuilds": "", "batchGetReports": "",
		"startBuildBatch": "s", "stopBuildBatch": "", "retryBuildBatch": "s", "deleteBuildBatch": ""},
	"databrew": {"startJobRun": "s"},
	"dynamodb": {"getItem": "", "putItem": "", "updateItem": "", "deleteItem": ""},
	"ecs":      {"runTask": "st"},
	"eks": {"call": "", "runJob": "s", "createCluster": "s", "deleteCluster": "s", "createFargateProfile": "s",
		"deleteFargateProfile": "s", "createNodegroup": "s", "deleteNodegroup": "s"},
	"elasticmapreduce": {"createCluster": "s", "terminateCluster": "s", "addStep": "s", "cancelStep": "",
		"setClusterTerminationProtection": "", "modifyInstanceFleetByName": "", "modifyInstanceGroupByName": ""},
	"emr-containers": {"createVirtualCluster": "", "deleteVirtualCluster": "s", "startJobRun": "s"},
	"emr-serverless": {"createApplication": "s", "startApplication": "s", "stopApplication": "s", "deleteApplication": "s",
		"startJobRun": "s", "cancelJobRun": "s"},
	"events":       {"putEvents": "t"},
	"glue":         {"startJobRun": "s"},
	"http":         {"invoke": ""},
	"lambda":       {"invoke": "t"},
	"mediaconvert": {"createJob": "s"},
	"sagemaker": {"createEndpoint": "", "createEndpointConfig": "", "createHyperParameterTuningJob": "s", "createLabelingJob": "s",
		"createModel": "", "createProcessingJob": "s", "createTrainingJob": "s", "createTransformJob": "s", "updateEndpoint": ""},
	"sns":    {"publish": "t"},
	"sqs":    {"sendMessage": "t"},
	"states": {"startExecution": "s2t"},
}

var (
	lambdaARN      = regexp.MustCompile(`^arn:[^:]+:lambda:[^:]*:[^:]*:function:[^:]+(:[^:]+)?$`)
	activityARN    = regexp.MustCompile(`^arn:[^:]+:states:[^:]+:[^:]+:activity:[^:]+$`)
	integrationARN = regexp.MustCompile(`^arn:[^:]+:states:[^:]*:[^:]*:((?:aws-sdk:)?[^:.]+):([^:.]+)(?:\.(sync|sync:2|waitForTaskToken))?$`)
	sdkAction      = regexp.MustCompile(`^[a-z][A-Za-z0-9]*$`)
	placeholder    = regexp.MustCompile(`\$\{[^}]*\}`)
)

// parseResource takes a Resource apart; ok is false if it is none that Step Functions knows.
func parseResource(arn string, placeholders bool) (r Resource, ok bool) {
	text := arn
	if placeholders {
		if text = placeholder.ReplaceAllString(arn, "placeholder"); text == "placeholder" {
			return Resource{ARN: arn, Kind: LambdaFunction}, true
		}
	}
	switch {
	case lambdaARN.MatchString(text):
		return Resource{ARN: arn, Kind: LambdaFunction}, true
	case activityARN.MatchString(text):
		return Resource{ARN: arn, Kind: Activity}, true
	}
	parts := integrationARN.FindStringSubmatch(text)
	if parts == nil {
		return Resource{}, false
	}
	r = Resource{ARN: arn, Kind: Integration, Service: parts[1], Action: parts[2], Pattern: Pattern(parts[3])}
	if strings.HasPrefix(r.Service, "aws-sdk:") {
		ok = sdkAction.MatchString(r.Action) && (r.Pattern == RequestResponse || r.Pattern == WaitForTaskToken)
	} else {
		patterns, known := integrations[r.Service][r.Action]
		letter := map[Pattern]string{RequestResponse: "", Sync: "s", Sync2: "2", WaitForTaskToken: "t"}[r.Pattern]
		ok = known && strings.Contains(patterns, letter)
	}
	if r.Pattern != RequestResponse {
		r.Action += "." + string(r.Pattern)
	}
	return r, ok
}

// suggestResource is the hint for a resource that is not known.
func (p *parser) suggestResource(arn string) string {
	parts := integrationARN.FindStringSubmatch(arn)
	if parts == nil {
		return ""
	}
	service, action, pattern := parts[1], parts[2], parts[3]
	suggest := func(got string, known []string) string {
		return p.didYouMean(got, len(known), func(i int) string { return known[i] })
	}
	if strings.HasPrefix(service, "aws-sdk:") {
		if !sdkAction.MatchString(action) {
			return "an action of aws-sdk starts with a lower-case letter"
		}
		return "aws-sdk has no pattern ." + pattern
	}
	actions, ok := integrations[service]
	if !ok {
		return suggest(service, slices.Sorted(maps.Keys(integrations)))
	}
	if _, ok := actions[action]; ok {
		return service + ":" + action + " has no pattern ." + pattern
	}
	if hint := suggest(action, slices.Sorted(maps.Keys(actions))); hint != "" {
		return hint
	}
	return "an action without an optimized integration is written arn:aws:states:::aws-sdk:SERVICE:ACTION"
}
