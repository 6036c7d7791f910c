package browser_test

import (
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/socket-oneline/oneline/reports/evidence"
)

// TestHostile: what a target says, and what a requirement says, is shown, and
// nothing of it is obeyed.
func TestHostile(t *testing.T) {
	const evil = `</pre></script><script>document.title="taken"</script><img src=x onerror="document.title='taken'"><a href="javascript:1">x</a>"><b id=evil>`
	m := model(20, 2)
	m.Conclusion, m.Run.Target.Name = []string{evil}, evil
	r, s := &m.Requirements[1], &m.Protocols[0].Specs[1]
	r.Desc, r.Reason, r.Group, r.Repeat = evil, evil, evil, evil
	s.Title, s.Repeat, s.Location = evil, evil, evil
	r.Specs[0].Spec, r.Specs[0].Location, r.Specs[0].Reason = evil, evil, evil
	e := s.Evidence
	e.Steps[0].Text, e.Verifications[0].Expected, e.Verifications[0].Actual = evil, evil, evil
	e.Transcript = append(e.Transcript, evidence.Exchange{Direction: evidence.Received, Bytes: []byte(evil)}, evidence.Exchange{Direction: evidence.Event, Text: evil})

	b := open(t)
	b.do(chromedp.Navigate(write(t, m)))
	b.until(rows + ` === 20`)
	b.do(chromedp.Evaluate(`document.querySelectorAll("details").forEach((d) => { d.open = true; })`, nil))
	b.must(`!document.title.startsWith("taken") && !document.getElementById("evil")`, "a text was obeyed")
	b.must(`document.images.length === 0 && document.scripts.length === 1 && !document.querySelector('a[href^="javascript"]')`, "a text became an element")
	b.must(`document.getElementById("SRS-00001").textContent.includes("onerror=")`, "the text is not shown")
	b.do(chromedp.SendKeys(`input[name=q]`, `<img`))
	b.until(rows + ` === 1`)
}
