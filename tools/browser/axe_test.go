package browser_test

import (
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// axePath is where npm puts axe-core, which looks for barriers on a page. Its
// licence is the MPL 2.0, so it is not among our files: npm install in this folder
// brings it.
const axePath = "node_modules/axe-core/axe.min.js"

// violations are what axe-core finds, each with the first elements.
const violations = `axe.run(document, {resultTypes: ["violations"]}).then((r) => r.violations.map((v) =>
	v.id + " (" + v.nodes.length + "): " + v.nodes.slice(0, 3).map((n) => n.html.slice(0, 120)).join(" ")))`

// TestAxe: no barrier is found on the page, in the light and in the dark, closed
// and opened.
func TestAxe(t *testing.T) {
	axe, err := os.ReadFile(axePath)
	if err != nil {
		t.Skipf("axe-core is not installed: run npm install in tools/browser (%v)", err)
	}
	b := open(t)
	b.do(chromedp.Navigate(write(t, model(20, 2))))
	b.until(rows + ` === 20`)
	b.do(chromedp.Evaluate(string(axe)+";0", nil))
	for _, opened := range []string{"false", "true"} {
		b.do(chromedp.Evaluate(`document.querySelectorAll("details").forEach((d) => { d.open = `+opened+`; })`, nil))
		for _, scheme := range []string{"light", "dark"} {
			b.do(emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}))
			var found []string
			b.do(chromedp.Evaluate(violations, &found, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
			if len(found) > 0 {
				t.Errorf("in the %s, opened: %s:\n%s", scheme, opened, strings.Join(found, "\n"))
			}
		}
	}
}
