// Package words says in plain words what a value is and what a matcher expects.
// The words hold no addresses and differ only where the values differ: they go
// into evidence, which people read and runs are compared by. It knows Gomega's
// matchers by the names of their types, and so links neither Gomega nor Ginkgo.
package words

import (
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

const (
	maxDepth = 8    // of values within values
	maxValue = 8192 // bytes of one value, about
)

// Value writes a value on one line. Strings are quoted, pointers are followed,
// and a value that has an Error or a String method speaks for itself.
func Value(value any) string {
	switch v := value.(type) {
	case nil:
		return "nil"
	case string:
		return strconv.Quote(v)
	case bool:
		return strconv.FormatBool(v)
	case int:
		return strconv.Itoa(v)
	case []byte:
		if v != nil {
			return strconv.Quote(string(v))
		}
	}
	var p printer
	p.value(reflect.ValueOf(value), 0)
	return p.String()
}

// Error is an error in words.
func Error(err error) string {
	if err == nil {
		return "no error"
	}
	return Value(err)
}

// Line puts a text on one line: control characters are escaped as in a Go
// string, and every blank is kept.
func Line(text string) string {
	text = strings.TrimRight(text, "\n")
	if !strings.ContainsFunc(text, unprintable) {
		return text
	}
	quoted := strconv.Quote(text)
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}

func unprintable(r rune) bool { return r == utf8.RuneError || r != '\\' && !strconv.IsPrint(r) }

// Visible reports whether a text has anything to see: letters, digits or signs,
// not only blanks and characters without width.
func Visible(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.In(r, unicode.Mn, unicode.Cf) && r != '\u2800' && r != '\u3164' && r != '\u115f' && r != '\u1160' && r != '\uffa0'
	})
}

type printer struct {
	strings.Builder
	above []uintptr // the pointers that are being followed
}

func (p *printer) value(v reflect.Value, depth int) {
	if depth > maxDepth || p.Len() > maxValue {
		p.WriteString("...")
		return
	}
	if isNil(v) {
		p.WriteString("nil")
		return
	}
	if v.CanInterface() && p.ownWords(v.Interface()) {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if slices.Contains(p.above, v.Pointer()) {
			p.WriteString("...")
			return
		}
		p.above = append(p.above, v.Pointer())
		p.WriteByte('&')
		p.value(v.Elem(), depth+1)
		p.above = p.above[:len(p.above)-1]
	case reflect.Interface:
		p.value(v.Elem(), depth)
	case reflect.Struct:
		p.structure(v, depth)
	case reflect.Map:
		p.entries(v, depth)
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 && (v.Kind() == reflect.Slice || v.CanAddr()) {
			p.WriteString(strconv.Quote(string(v.Bytes())))
			return
		}
		p.list("[", "]", v.Len(), func(i int) { p.value(v.Index(i), depth+1) })
	case reflect.String:
		p.WriteString(strconv.Quote(v.String()))
	case reflect.Func:
		p.WriteString("a function")
	case reflect.Chan:
		p.WriteString("a channel")
	case reflect.UnsafePointer, reflect.Uintptr:
		p.WriteString("a pointer")
	default:
		fmt.Fprintf(p, "%v", v)
	}
}

func isNil(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Invalid:
		return true
	case reflect.Pointer, reflect.Interface, reflect.Map, reflect.Slice, reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return v.IsNil()
	}
	return false
}

// ownWords writes what a value says of itself, if it does.
func (p *printer) ownWords(value any) (written bool) {
	defer func() {
		if recover() != nil { // a method that cannot stand its zero value
			written = false
		}
	}()
	switch v := value.(type) {
	case time.Time:
		p.WriteString(v.Format(time.RFC3339Nano))
	case error:
		p.WriteString("error: " + Line(v.Error()))
	case fmt.Stringer:
		p.WriteString(Line(v.String()))
	case interface{ Contents() []byte }: // gbytes.Buffer
		p.WriteString(strconv.Quote(string(v.Contents())))
	case interface{ ExitCode() int }: // gexec.Session, exec.Cmd's state
		if code := v.ExitCode(); code >= 0 {
			p.WriteString("a process that exited with " + strconv.Itoa(code))
		} else {
			p.WriteString("a process that has not exited")
		}
	default:
		return false
	}
	return true
}

func (p *printer) structure(v reflect.Value, depth int) {
	t := v.Type()
	switch t.PkgPath() + "." + t.Name() {
	case "net/http.Response":
		fmt.Fprintf(p, "the HTTP status %d", v.FieldByName("StatusCode").Int())
		return
	case "net/http/httptest.ResponseRecorder":
		fmt.Fprintf(p, "the HTTP status %d", v.FieldByName("Code").Int())
		return
	case "reflect.Value":
		p.WriteString("a value")
		return
	}
	for i := range t.NumField() {
		// Others may be writing what a lock protects.
		if of := t.Field(i).Type; strings.HasPrefix(of.PkgPath(), "sync") || of.Kind() == reflect.Pointer && strings.HasPrefix(of.Elem().PkgPath(), "sync") {
			p.WriteString("a " + t.Name())
			return
		}
	}
	p.list("{", "}", t.NumField(), func(i int) {
		p.WriteString(t.Field(i).Name + ":")
		p.value(v.Field(i), depth+1)
	})
}

func (p *printer) entries(v reflect.Value, depth int) {
	var entries []string
	for iter := v.MapRange(); iter.Next(); {
		entry := printer{above: p.above}
		entry.value(iter.Key(), depth+1)
		entry.WriteByte(':')
		entry.value(iter.Value(), depth+1)
		entries = append(entries, entry.String())
	}
	slices.Sort(entries)
	p.list("{", "}", len(entries), func(i int) { p.WriteString(entries[i]) })
}

func (p *printer) list(open, end string, n int, item func(int)) {
	p.WriteString(open)
	for i := range n {
		if i > 0 {
			p.WriteByte(' ')
		}
		if p.Len() > maxValue {
			fmt.Fprintf(p, "... (%d in all)", n)
			break
		}
		item(i)
	}
	p.WriteString(end)
}

// function is the name of a function without its package; "a function" for one
// that has none.
func function(v reflect.Value) string {
	path := runtime.FuncForPC(v.Pointer()).Name()
	_, name, _ := strings.Cut(path[strings.LastIndexByte(path, '/')+1:], ".")
	name = strings.TrimSuffix(name, "-fm")
	last := name[strings.LastIndexByte(name, '.')+1:]
	if strings.HasPrefix(last, "func") || strings.Contains(name, "[") || last == "" || unicode.IsDigit(rune(last[0])) {
		return "a function"
	}
	return name
}
