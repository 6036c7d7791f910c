// Package browser_test looks at index.html as a reader does: in a browser. It is
// a module of its own, so that what drives the browser is no dependency of the
// others.
package browser_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browsers are the names under which Chromium is installed.
var browsers = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"}

// patience is for a machine that has other things to do.
const patience = 5 * time.Minute

// tab is a page in the browser, with what it should not have done.
type tab struct {
	*testing.T
	ctx context.Context

	mu     sync.Mutex
	wrongs []string
}

// browser is the one that all tests use; nil: none is on this machine. It starts with
// the first page.
var browser context.Context

func TestMain(m *testing.M) {
	os.Exit(func() int {
		for _, name := range browsers {
			path, err := exec.LookPath(name)
			if err != nil {
				continue
			}
			options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.WindowSize(1280, 900))
			if os.Geteuid() == 0 {
				options = append(options, chromedp.NoSandbox) // Chromium's refuses root
			}
			ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
			defer cancel()
			ctx, cancel = chromedp.NewContext(ctx)
			defer cancel()
			browser = ctx
			break
		}
		return m.Run()
	}())
}

// open opens an empty page.
func open(t *testing.T) *tab {
	t.Helper()
	if browser == nil {
		t.Skipf("no Chromium on this machine: none of %s is there", strings.Join(browsers, ", "))
	}
	if err := chromedp.Run(browser); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := chromedp.NewContext(browser)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, patience)
	t.Cleanup(cancel)
	b := &tab{T: t, ctx: ctx}
	chromedp.ListenTarget(ctx, b.watch)
	b.do(network.Enable(), log.Enable(), runtime.Enable())
	t.Cleanup(func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, w := range b.wrongs {
			t.Error(w)
		}
	})
	return b
}

// watch notes every message of the console, every exception, and every address
// that is asked for.
func (b *tab) watch(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		b.wrongs = append(b.wrongs, fmt.Sprintf("the console says something (%s)", e.Type))
	case *runtime.EventExceptionThrown:
		b.wrongs = append(b.wrongs, "exception: "+e.ExceptionDetails.Error())
	case *log.EventEntryAdded:
		b.wrongs = append(b.wrongs, fmt.Sprintf("%s: %s %s", e.Entry.Level, e.Entry.Text, e.Entry.URL))
	case *network.EventRequestWillBeSent:
		if url := e.Request.URL; !strings.HasPrefix(url, "file:") && !strings.HasPrefix(url, "data:") {
			b.wrongs = append(b.wrongs, "a request to "+url)
		}
	}
}

func (b *tab) do(actions ...chromedp.Action) {
	b.Helper()
	if err := chromedp.Run(b.ctx, actions...); err != nil {
		b.Fatal(err)
	}
}

// eval gives the value of an expression of the page.
func eval[T any](b *tab, expression string) T {
	b.Helper()
	var value T
	b.do(chromedp.Evaluate(expression, &value))
	return value
}

// until waits for an expression of the page to become true.
func (b *tab) until(expression string) {
	b.Helper()
	for {
		err := chromedp.Run(b.ctx, chromedp.Poll(expression, nil, chromedp.WithPollingTimeout(patience)))
		if err == nil {
			return
		}
		if !strings.Contains(err.Error(), "Cannot find context") { // of the page that was there before
			b.Fatalf("%s does not become true: %v", expression, err)
		}
	}
}

// must fails the test unless an expression of the page is true.
func (b *tab) must(expression, otherwise string) {
	b.Helper()
	if !eval[bool](b, expression) {
		b.Errorf("%s (%s)", otherwise, expression)
	}
}

// rows counts the rows that are seen.
const rows = `[...document.querySelectorAll("details.req")].filter((r) => r.offsetHeight > 0).length`
