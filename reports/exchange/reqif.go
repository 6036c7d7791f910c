package exchange

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"golang.org/x/net/html/charset"

	"github.com/socket-oneline/oneline/reports/strictjson"
)

// Columns of a ReqIF object beside its attributes.
const (
	reqifIdentifier    = "IDENTIFIER"
	reqifLongName      = "LONG-NAME"
	reqifDesc          = "DESC"
	reqifType          = "TYPE"
	reqifSpecification = "SPECIFICATION"
)

// readReqIF reads the objects of a ReqIF file, or of all that are in a zip.
func readReqIF(name string, data []byte) (*table, error) {
	t := &table{
		file: name,
		keys: map[string][]string{
			"id":    {"ReqIF.ForeignID", reqifIdentifier},
			"desc":  {"ReqIF.ChapterName", "ReqIF.Name", "ReqIF.Text", "ReqIF.Description"},
			"group": {reqifSpecification, reqifType}, "parents": {}, "retired": {"ReqIF.ForeignDeleted"},
		},
		// Attributes that tools keep for themselves, and those that repeat others.
		own: []string{
			reqifIdentifier, reqifLongName, reqifDesc, reqifType, reqifSpecification, "ReqIF.ForeignCreatedBy", "ReqIF.ForeignCreatedOn",
			"ReqIF.ForeignCreatedThru", "ReqIF.ForeignModifiedBy", "ReqIF.ForeignModifiedOn", "ReqIF.ForeignRevision",
		},
	}
	if !bytes.HasPrefix(data, []byte("PK")) {
		return t, t.addReqIF(name, data)
	}
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	found := false
	for _, f := range archive.File {
		if ext := strings.ToLower(path.Ext(f.Name)); ext != ".reqif" && ext != ".xml" {
			if !f.FileInfo().IsDir() {
				t.notes = append(t.notes, "the file "+f.Name)
			}
			continue
		}
		text, err := unpack(f)
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", name, f.Name, err)
		}
		found = true
		if err := t.addReqIF(name+"/"+f.Name, text); err != nil {
			return nil, err
		}
	}
	if !found {
		return nil, fmt.Errorf("%s: there is no .reqif file in it", name)
	}
	return t, nil
}

func unpack(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	text, err := io.ReadAll(io.LimitReader(r, strictjson.MaxSize+1))
	if err == nil && len(text) > strictjson.MaxSize {
		err = fmt.Errorf("it has more than %d bytes: split it", strictjson.MaxSize)
	}
	return text, err
}

// reqif is the content of a ReqIF file, whatever its namespaces.
type reqif struct {
	XMLName   xml.Name `xml:"REQ-IF"`
	Datatypes element  `xml:"CORE-CONTENT>REQ-IF-CONTENT>DATATYPES"`
	Types     element  `xml:"CORE-CONTENT>REQ-IF-CONTENT>SPEC-TYPES"`
	Objects   []object `xml:"CORE-CONTENT>REQ-IF-CONTENT>SPEC-OBJECTS>SPEC-OBJECT"`
	Relations []struct {
		Source string `xml:"SOURCE>SPEC-OBJECT-REF"`
		Target string `xml:"TARGET>SPEC-OBJECT-REF"`
	} `xml:"CORE-CONTENT>REQ-IF-CONTENT>SPEC-RELATIONS>SPEC-RELATION"`
	Specifications []element `xml:"CORE-CONTENT>REQ-IF-CONTENT>SPECIFICATIONS>SPECIFICATION"`
}

// An element is one of which only the names, or the text, are wanted.
type element struct {
	XMLName    xml.Name
	Identifier string    `xml:"IDENTIFIER,attr"`
	LongName   string    `xml:"LONG-NAME,attr"`
	Text       string    `xml:",chardata"`
	Children   []element `xml:",any"`
}

// ref returns the identifier that the only child of the element holds.
func (e *element) ref() string {
	if len(e.Children) == 0 {
		return ""
	}
	return strings.TrimSpace(e.Children[0].Text)
}

// all calls visit for the element and everything in it.
func (e *element) all(visit func(*element)) {
	visit(e)
	for i := range e.Children {
		e.Children[i].all(visit)
	}
}

type object struct {
	line, column int

	Identifier string  `xml:"IDENTIFIER,attr"`
	LongName   string  `xml:"LONG-NAME,attr"`
	Desc       string  `xml:"DESC,attr"`
	Type       element `xml:"TYPE"`
	Values     struct {
		All []struct {
			Value      string   `xml:"THE-VALUE,attr"`
			Enumerated []string `xml:"VALUES>ENUM-VALUE-REF"`
			Definition element  `xml:"DEFINITION"`
			Text       struct {
				XHTML string `xml:",innerxml"`
			} `xml:"THE-VALUE"`
		} `xml:",any"`
	} `xml:"VALUES"`
}

// UnmarshalXML implements [xml.Unmarshaler]: it notes the place of the object.
func (o *object) UnmarshalXML(d *xml.Decoder, start xml.StartElement) error {
	type plain object
	o.line, o.column = d.InputPos()
	return d.DecodeElement((*plain)(o), &start)
}

// addReqIF adds the objects of one file.
func (t *table) addReqIF(name string, data []byte) error {
	d := xml.NewDecoder(bytes.NewReader(data))
	d.CharsetReader = charset.NewReaderLabel
	var r reqif
	if err := d.Decode(&r); err != nil {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		line, column := d.InputPos()
		return strictjson.Errors{{File: name, Line: line, Column: column, Text: err.Error() + ": export the file again"}}
	}
	names := map[string]string{} // long names of types, attributes and enumerated values
	note := func(e *element) { names[e.Identifier] = cmp.Or(e.LongName, names[e.Identifier]) }
	r.Datatypes.all(note)
	r.Types.all(note)
	specification := map[string]string{} // long names, by object
	for i := range r.Specifications {
		r.Specifications[i].all(func(e *element) {
			if e.XMLName.Local == "SPEC-OBJECT-REF" {
				specification[strings.TrimSpace(e.Text)] = r.Specifications[i].LongName
			}
		})
	}
	index := map[string]int{}
	for i := range r.Objects {
		o := &r.Objects[i]
		row := row{line: o.line, column: o.column, ref: o.Identifier, cells: map[string][]string{}}
		add := func(column, value string) {
			if value = strings.TrimSpace(value); value == "" {
				return
			}
			if !slices.Contains(t.columns, column) {
				t.columns = append(t.columns, column)
			}
			row.cells[column] = append(row.cells[column], value)
		}
		add(reqifIdentifier, o.Identifier)
		add(reqifLongName, o.LongName)
		add(reqifDesc, o.Desc)
		add(reqifType, names[o.Type.ref()])
		add(reqifSpecification, specification[o.Identifier])
		for i := range o.Values.All {
			v := &o.Values.All[i]
			definition := v.Definition.ref()
			column := cmp.Or(names[definition], definition)
			add(column, v.Value)
			text, pictures := plainText(v.Text.XHTML)
			add(column, text)
			t.pictures += pictures
			for _, e := range v.Enumerated {
				e = strings.TrimSpace(e)
				add(column, cmp.Or(names[e], e))
			}
		}
		index[o.Identifier] = len(t.rows)
		t.rows = append(t.rows, row)
	}
	for _, l := range r.Relations {
		if from, known := index[strings.TrimSpace(l.Source)]; known {
			t.rows[from].links = append(t.rows[from].links, strings.TrimSpace(l.Target))
		}
	}
	return nil
}

// lineBreaks are the elements of XHTML that begin a line.
var lineBreaks = []string{"p", "div", "br", "li", "tr", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote"}

// plainText returns XHTML as lines of text, and how many pictures and the like it
// holds.
func plainText(xhtml string) (text string, pictures int) {
	var b strings.Builder
	d := xml.NewDecoder(strings.NewReader(xhtml))
	d.Strict = false // namespaces are declared elsewhere
	for {
		token, err := d.Token()
		if err != nil {
			break
		}
		switch e := token.(type) {
		case xml.StartElement:
			if slices.Contains(lineBreaks, strings.ToLower(e.Name.Local)) {
				b.WriteByte('\n')
			}
			if e.Name.Local == "object" || e.Name.Local == "img" {
				pictures++
			}
		case xml.EndElement:
			if e.Name.Local == "td" || e.Name.Local == "th" {
				b.WriteByte(' ')
			}
		case xml.CharData:
			b.WriteString(strings.ReplaceAll(string(e), "\n", " "))
		}
	}
	var lines []string
	for line := range strings.SplitSeq(b.String(), "\n") {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n"), pictures
}
