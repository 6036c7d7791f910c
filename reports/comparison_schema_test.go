package reports_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/xeipuuv/gojsonschema"

	"github.com/socket-oneline/oneline/reports"
	"github.com/socket-oneline/oneline/reports/evidence"
	"github.com/socket-oneline/oneline/reports/results"
)

// Every comparison fits its schema, as it lies beside the other.
func TestComparisonsFitTheSchema(t *testing.T) {
	path, err := filepath.Abs("comparison.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	file := requirements("A B")
	one := parsed(t, withRun(recorded(passing("A B")), runOf("one")))
	two := parsed(t, withRun(recorded(it("A X", left("!A X"))), runOf("two")))
	for name, given := range map[string][]*results.Results{
		"verdicts that differ":         {one, two},
		"an id that one knows":         {two, one},
		"two programs of the one name": {one, parsed(t, withRun(recorded(passing("A")), runOf("one", func(r *evidence.Run) { r.Target.SHA256 = "2" })))},
	} {
		c := reports.Compare(file, reports.ByTarget(given), reports.Options{})
		if len(c.Targets) != 2 {
			t.Fatalf("%s: %d targets, want 2", name, len(c.Targets))
		}
		for _, err := range validateBy(t, gojsonschema.NewReferenceLoader("file://"+filepath.ToSlash(path)), c) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The schema describes every key of a comparison, and no other.
func TestComparisonSchemaIsComplete(t *testing.T) {
	dir := t.TempDir()
	strict := decoded(t, "comparison.schema.json")
	for name, schema := range map[string]map[string]any{"comparison": strict, "coverage": coverageSchema(t)} {
		closeObjects(schema)
		data, err := json.Marshal(schema)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name+".schema.json"), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	schema := gojsonschema.NewReferenceLoader("file://" + filepath.ToSlash(filepath.Join(dir, "comparison.schema.json")))
	for _, err := range validateBy(t, schema, fullComparison()) {
		t.Errorf("the schema lacks something: %v", err)
	}
	describesNoMore(t, strict, fullComparison())
	for name, spoil := range map[string]func(*reports.Comparison){
		"an unknown verdict": func(c *reports.Comparison) { c.Requirements[0].Verdicts[0] = "MAYBE" },
		"one target":         func(c *reports.Comparison) { c.Targets = c.Targets[:1] },
		"another form":       func(c *reports.Comparison) { c.Schema = reports.Schema },
	} {
		c := fullComparison()
		spoil(c)
		if len(validateBy(t, schema, c)) == 0 {
			t.Errorf("the schema accepts %s", name)
		}
	}
}

// fullComparison is a comparison in which nothing is left out.
func fullComparison() *reports.Comparison {
	m := full()
	t := reports.ComparedTarget{Title: "t", Folder: "target", ExitCode: m.ExitCode, Conclusion: m.Conclusion, Run: m.Run, Summary: m.Summary}
	return &reports.Comparison{
		Schema: reports.ComparisonForm, ExitCode: 1, Conclusion: m.Conclusion, Targets: []reports.ComparedTarget{t, t},
		Requirements: []reports.ComparedRequirement{{
			ID: "A", Group: "g", Level: "rule", Desc: "text", Verdicts: []reports.Verdict{reports.Pass, ""}, Reasons: []string{"", ""},
		}},
	}
}
