// Reads messages with the OpenTelemetry Collector's own decoder. Each line of the input is an encoding, "json" or "protobuf", and a
// message in base64; each line of the output is a JSON object: the records that the Collector sees, or why it refuses the message.
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
)

type record struct {
	Resource     map[string]any
	Scope        string
	Time         string
	ObservedTime string
	BodyType     string
	Body         string
	Attributes   map[string]any
}

type answer struct {
	Records []record
	Error   string
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 64*1024*1024)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		records, err := decode(lines.Text())
		if err != nil {
			out.Encode(answer{Records: []record{}, Error: err.Error()})
		} else {
			out.Encode(answer{Records: records})
		}
	}
}

func decode(line string) ([]record, error) {
	encoding, text, _ := strings.Cut(line, " ")
	message, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, err
	}
	request := plogotlp.NewExportRequest()
	if encoding == "json" {
		err = request.UnmarshalJSON(message)
	} else {
		err = request.UnmarshalProto(message)
	}
	return recordsOf(request.Logs()), err
}

func recordsOf(logs plog.Logs) []record {
	records := []record{}
	for r := 0; r < logs.ResourceLogs().Len(); r++ {
		resource := logs.ResourceLogs().At(r)
		for s := 0; s < resource.ScopeLogs().Len(); s++ {
			scope := resource.ScopeLogs().At(s)
			for l := 0; l < scope.LogRecords().Len(); l++ {
				records = append(records, recordOf(resource.Resource(), scope.Scope(), scope.LogRecords().At(l)))
			}
		}
	}
	return records
}

func recordOf(resource pcommon.Resource, scope pcommon.InstrumentationScope, log plog.LogRecord) record {
	return record{
		Resource:     resource.Attributes().AsRaw(),
		Scope:        scope.Name(),
		Time:         fmt.Sprint(uint64(log.Timestamp())),
		ObservedTime: fmt.Sprint(uint64(log.ObservedTimestamp())),
		BodyType:     log.Body().Type().String(),
		Body:         log.Body().AsString(),
		Attributes:   log.Attributes().AsRaw(),
	}
}
