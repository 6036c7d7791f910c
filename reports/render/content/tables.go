package content

import "github.com/socket-oneline/oneline/reports/render/document"

// Tables are the tables of the documents without their rows, for formats whose
// style depends on the columns.
var Tables = []document.Table{
	{Name: "counts", Columns: countColumns},
	{Name: "failed", Columns: failedColumns},
	{Name: "lock", Columns: lockColumns},
	{Name: "results", Columns: resultColumns},
	{Name: "trace", Columns: traceColumns},
	{Name: "specs", Columns: specColumns},
	{Name: "plan", Columns: protocolColumns},
	{Name: "code", Columns: codeColumns},
	{Name: "unreached", Columns: placeColumns("Executed by")},
	{Name: "accepted", Columns: placeColumns("Reason")},
	{Name: "executed", Columns: executedColumns},
	{Name: "functions", Columns: functionColumns},
	{Name: "steps", Columns: reportColumns},
	{Name: "reasons", Columns: reasonColumns},
	{Name: "justified", Columns: justificationColumns},
}
