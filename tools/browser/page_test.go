package browser_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestSearchAndFilter: what is shown has every word and every value.
func TestSearchAndFilter(t *testing.T) {
	b := open(t)
	b.do(chromedp.Navigate(write(t, model(50, 2))))
	b.until(rows + ` === 50`)
	for _, tt := range []struct {
		do   chromedp.Action
		want int
	}{
		{chromedp.SendKeys(`input[name=q]`, "NUMBER 17,"), 1},
		{chromedp.Click(`button[type=reset]`), 50},
		{chromedp.SendKeys(`input[name=q]`, "srs-00011"), 1},
		{chromedp.SendKeys(`input[name=q]`, "x"), 0},
		{chromedp.Click(`button[type=reset]`), 50},
		{choose("verdict", "FAIL"), 10},
		{choose("group", "client"), 5},
		{choose("protocol", "TP-002"), 1},
		{choose("level", "rule"), 1},
		{choose("verdict", ""), 5},
		{chromedp.Click(`button[type=reset]`), 50},
		{chromedp.Click(`ul.counts a[href="#?verdict=NOT+OBSERVABLE"]`), 10},
		{choose("group", "client"), 5},
	} {
		b.do(tt.do)
		b.until(fmt.Sprintf(`%s === %d`, rows, tt.want))
		b.until(fmt.Sprintf(`document.getElementById("none").hidden === %v`, tt.want > 0))
		says := eval[string](b, `document.getElementById("shown").textContent`)
		if !strings.HasPrefix(says, fmt.Sprint(tt.want)) {
			t.Errorf("%d rows are shown, but it says %q", tt.want, says)
		}
	}
	address := eval[string](b, `location.href`)
	if !strings.Contains(address, "#?verdict=NOT+OBSERVABLE&group=client") {
		t.Errorf("the address does not say what is chosen: %s", address)
	}
	b.do(chromedp.Navigate("about:blank"), chromedp.Navigate(address), chromedp.WaitVisible("#filters", chromedp.ByQuery))
	b.until(rows + ` === 5`)
}

// choose picks a value of a filter as a person does: the browser tells the form.
func choose(name, value string) chromedp.Action {
	return chromedp.Evaluate(fmt.Sprintf(`(() => { const s = document.querySelector("select[name=%s]"); s.value = %q;
		s.dispatchEvent(new Event("change", {bubbles: true})); })()`, name, value), nil)
}

// TestOpenAndLink: a row opens to its steps, what was expected and found, the
// bytes in either direction, and the command; and a link leads into it.
func TestOpenAndLink(t *testing.T) {
	b := open(t)
	url := write(t, model(50, 2))
	b.do(chromedp.Navigate(url))
	b.until(rows + ` === 50`)
	b.do(chromedp.Click(`details.req > summary`))
	b.until(`document.getElementById("SRS-00001").offsetHeight > 0`)
	text := eval[string](b, `document.getElementById("SRS-00001").parentElement.innerText`)
	for _, want := range []string{"FAIL", "send the command", `packet "pong"`, `packet "pang"`, "ver/things.go:12", "oneline verify -only SRS-00001", "SRS-00000 The server shall", "ping has the one response pong", "mute: answers nothing"} {
		if !strings.Contains(text, want) {
			t.Errorf("the opened row does not say %q:\n%s", want, text)
		}
	}
	b.do(chromedp.Click(`#SRS-00001 .wire summary`))
	b.until(`document.querySelector("#SRS-00001 .sent").offsetHeight > 0`)
	b.must(`getComputedStyle(document.querySelector("#SRS-00001 .sent")).color !== getComputedStyle(document.querySelector("#SRS-00001 .received")).color`,
		"sent and received look alike")

	b.do(choose("verdict", "PASS")) // hides the row that the link leads to
	b.do(chromedp.Click(`table.glance a[href="#SRS-00012:TP-002"]`))
	b.until(`(() => { const r = document.getElementById("SRS-00012:TP-002").getBoundingClientRect(); return r.height > 0 && r.top >= 0 && r.top < innerHeight; })()`)

	b.do(chromedp.Navigate("about:blank"), chromedp.Navigate(url+"#SRS-00033"))
	b.until(`document.getElementById("SRS-00033").offsetHeight > 0 && document.getElementById("SRS-00033").parentElement.getBoundingClientRect().top < innerHeight`)
}

// TestKeyboard: everything can be reached and done without a mouse.
func TestKeyboard(t *testing.T) {
	b := open(t)
	b.do(chromedp.Navigate(write(t, model(50, 2))))
	b.until(rows + ` === 50`)
	b.do(chromedp.KeyEvent(kb.Tab))
	b.must(`document.activeElement.className === "skip"`, "the first tab stop is not the skip link")
	b.do(chromedp.KeyEvent(kb.Enter))
	b.until(`document.getElementById("requirements").getBoundingClientRect().top < innerHeight`)
	b.do(chromedp.KeyEvent("/"))
	b.must(`document.activeElement.name !== "q"`, "a single key does something")
	stops := 0
	for ; stops < 20 && !eval[bool](b, `document.activeElement.name === "q"`); stops++ {
		b.do(chromedp.KeyEvent(kb.Tab))
	}
	if stops > 8 {
		t.Errorf("it takes %d tab stops to the search", stops)
	}
	b.do(chromedp.KeyEvent("number 21,"))
	b.until(rows + ` === 1`)
	for range 20 { // past the filters and the buttons, to the row
		b.do(chromedp.KeyEvent(kb.Tab))
		if eval[bool](b, `document.activeElement.matches("details.req > summary")`) {
			break
		}
		b.must(`getComputedStyle(document.activeElement).outlineStyle !== "none"`, "what has the focus cannot be seen")
	}
	b.do(chromedp.KeyEvent(kb.Enter))
	b.until(`document.getElementById("SRS-00021").offsetHeight > 0`)
	b.do(chromedp.Evaluate(`document.querySelector("table.glance td a").focus()`, nil), chromedp.KeyEvent(kb.ArrowDown))
	b.must(`document.activeElement.getAttribute("href") === "#SRS-00001:TP-001"`, "the arrow keys do not move in the grid")
	b.must(`document.querySelectorAll("table.glance a[tabindex='0']").length === 1`, "the grid is not one stop of the tab key")
	b.do(chromedp.KeyEvent(kb.Enter))
	b.until(`document.getElementById("SRS-00001").offsetHeight > 0`)
}

// TestWithoutScript: all can be read, and a link still opens its row.
func TestWithoutScript(t *testing.T) {
	b := open(t)
	b.do(emulation.SetScriptExecutionDisabled(true), chromedp.Navigate(write(t, model(50, 2))+"#SRS-00012"))
	b.must(`document.getElementById("filters").hidden`, "filters are shown that do nothing")
	b.must(rows+` === 50`, "not all rows are shown")
	b.must(`document.getElementById("SRS-00012").parentElement.open`, "the link did not open its row")
	b.must(`document.getElementById("SRS-00012").innerText.includes("send the command")`, "the row does not say its steps")
}

// TestPaper: what is folded on the screen is there on paper, and what is for
// clicking is not.
func TestPaper(t *testing.T) {
	b := open(t)
	b.do(chromedp.Navigate(write(t, model(50, 2))))
	b.until(rows + ` === 50`)
	b.do(emulation.SetEmulatedMedia().WithMedia("print"))
	b.must(`getComputedStyle(document.getElementById("filters")).display === "none"`, "the filters are printed")
	b.must(`document.querySelector("#report").offsetHeight === 0`, "the test report is printed, which has files of its own")
	b.must(`document.querySelector("details.req").offsetHeight > 0`, "the requirements are not printed")
	var pdf []byte
	b.do(chromedp.ActionFunc(func(ctx context.Context) (err error) {
		pdf, _, err = page.PrintToPDF().WithPreferCSSPageSize(true).Do(ctx)
		return err
	}))
	if pages := strings.Count(string(pdf), "/Type /Page\n"); pages < 2 || pages > 6 {
		t.Errorf("it prints %d pages", pages)
	}
}

// TestPhone: nothing is wider than the screen of a phone.
func TestPhone(t *testing.T) {
	b := open(t)
	b.do(chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile), chromedp.Navigate(write(t, model(50, 2))+"#SRS-00001"))
	b.until(`document.getElementById("SRS-00001").offsetHeight > 0`)
	b.do(chromedp.Evaluate(`document.querySelectorAll("details").forEach((d) => { d.open = true; })`, nil))
	if wide := eval[int](b, `document.documentElement.scrollWidth`); wide > 360 {
		t.Errorf("the page is %d wide", wide)
	}
	b.must(`getComputedStyle(document.querySelector("table.summary td"), "::before").content === "none"`, "a table that stays one has labels in its cells")
	b.must(`getComputedStyle(document.querySelector("table.steps td"), "::before").content === '"Step"'`, "the cells of a table that does not fit have no labels")
	small := eval[[]string](b, `[...document.querySelectorAll("details.req[open] *")].filter((e) => e.offsetHeight > 0 && e.textContent.trim() &&
		parseFloat(getComputedStyle(e).fontSize) < 10).map((e) => e.outerHTML.slice(0, 80)).slice(0, 3)`)
	if len(small) > 0 {
		t.Errorf("too small to read: %q", small)
	}
}

// contrasts are those of the texts that have colors, against what they stand
// on, as WCAG counts them.
const contrasts = `(() => {
	const rgb = (s) => { const n = s.match(/[\d.]+/g).map(Number); return s.startsWith("color(") ? n.map((v, i) => i < 3 ? v * 255 : v) : n; };
	const light = (c) => { const [r, g, b] = c.map((v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
	const behind = (e) => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c[3] !== 0) return c; } return [255, 255, 255]; };
	const worst = {};
	for (const e of document.querySelectorAll("body *")) {
		if (![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || !e.offsetHeight) continue;
		const a = light(rgb(getComputedStyle(e).color)), b = light(behind(e));
		const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
		const key = e.tagName + "." + e.className;
		if (ratio < 4.5 && !(worst[key] <= ratio)) worst[key] = ratio;
	}
	return Object.entries(worst).map(([k, v]) => k + " " + v.toFixed(2));
})()`

// TestContrast: every text can be read, in the light and in the dark.
func TestContrast(t *testing.T) {
	b := open(t)
	b.do(chromedp.Navigate(write(t, model(50, 2))))
	b.until(rows + ` === 50`)
	b.do(chromedp.Evaluate(`document.querySelectorAll("details").forEach((d) => { d.open = true; })`, nil))
	papers := map[string]string{}
	for _, scheme := range []string{"light", "dark"} {
		b.do(emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}))
		papers[scheme] = eval[string](b, `getComputedStyle(document.body).backgroundColor`)
		if weak := eval[[]string](b, contrasts); len(weak) > 0 {
			t.Errorf("in the %s, hard to read: %q", scheme, weak)
		}
	}
	if papers["light"] == papers["dark"] {
		t.Error("the page is the same in the dark")
	}
}

// TestScreenReader: what is told of the page says what everything is.
func TestScreenReader(t *testing.T) {
	b := open(t)
	b.do(chromedp.Navigate(write(t, model(50, 2))))
	b.until(rows + ` === 50`)
	var tree struct {
		Nodes []axNode `json:"nodes"`
	}
	b.do(chromedp.ActionFunc(func(ctx context.Context) error {
		return cdp.Execute(ctx, "Accessibility.getFullAXTree", nil, &tree)
	}))
	found := map[string]int{}
	for _, n := range tree.Nodes {
		role, name := n.Role.text(), n.Name.text()
		found[role]++
		switch role {
		case "link", "button", "searchbox", "combobox", "heading", "search", "navigation", "DisclosureTriangle":
			if name == "" && !n.Ignored {
				t.Errorf("a %s has no name", role)
			}
		}
	}
	for _, role := range []string{"main", "navigation", "search", "searchbox", "table", "columnheader", "rowheader", "heading", "DisclosureTriangle"} {
		if found[role] == 0 {
			t.Errorf("there is no %s: %v", role, found)
		}
	}
	b.must(`document.documentElement.lang === "en" && document.title.includes("127.0.0.1:5001")`, "language or title is missing")
}

// axNode is a part of what a screen reader is told. The library's own type knows
// the words of one version of Chromium alone.
type axNode struct {
	Ignored bool    `json:"ignored"`
	Role    axValue `json:"role"`
	Name    axValue `json:"name"`
}

type axValue struct {
	Value any `json:"value"`
}

func (v axValue) text() string {
	s, _ := v.Value.(string)
	return s
}
