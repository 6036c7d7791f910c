package page

import (
	"bufio"
	"io"

	"github.com/socket-oneline/oneline/reports/render/document"
)

// Document writes one document as a page that needs no network and no script.
func Document(w io.Writer, doc document.Document) error {
	h := &htmlWriter{Writer: bufio.NewWriter(w), used: map[string]bool{}}
	h.text(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>`, esc(doc.Title), "</title>\n<style>\n", indexStyle, `</style>
</head>
<body>
<header><h1>`, esc(doc.Title), "</h1></header>\n<main>\n")
	h.block(doc.Run, 2)
	for b := range doc.Body {
		h.block(b, 2)
	}
	h.text("</main>\n</body>\n</html>\n")
	return h.Flush()
}
