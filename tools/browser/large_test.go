package browser_test

import (
	"context"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// firstRow notes when the first row stands on the screen, and when the rows can
// be searched.
const firstRow = `(() => {
	const look = () => {
		const row = document.querySelector("details.req");
		if (!window.firstRow && row && row.getBoundingClientRect().height > 0) window.firstRow = performance.now();
		const form = document.getElementById("filters");
		if (form && !form.hidden) window.usable = performance.now();
		else requestAnimationFrame(look);
	};
	requestAnimationFrame(look);
})()`

// TestLarge: 3,000 requirements with 75,000 verifications come soon, can be searched,
// and name the annex that has their steps.
func TestLarge(t *testing.T) {
	b := open(t)
	url := write(t, model(3_000, 25))
	b.do(chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := page.AddScriptToEvaluateOnNewDocument(firstRow).Do(ctx)
		return err
	}), chromedp.Navigate(url))
	b.until(`window.usable > 0`)
	t.Logf("%d elements", eval[int](b, `document.querySelectorAll("*").length`))
	t.Logf("first row after %.0f ms, to be searched after %.0f ms, all of it after %.0f ms", eval[float64](b, `window.firstRow`), eval[float64](b, `window.usable`),
		eval[float64](b, `performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd`))
	b.until(`document.getElementById("filters").hidden === false`)
	b.do(chromedp.SendKeys(`input[name=q]`, "number 1234,"))
	b.until(`document.getElementById("shown").textContent.startsWith("1 of")`)
	b.do(chromedp.Evaluate(`document.getElementById("SRS-01234").parentElement.open = true; document.querySelector("#SRS-01234 details.spec").open = true`, nil))
	b.until(`document.getElementById("SRS-01234").innerText.includes("evidence.txt")`)
	b.do(chromedp.Click(`button[type=reset]`))
	b.until(`document.getElementById("shown").textContent.startsWith("3000")`)
}
