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
	t := &table{file: name, keys: map[string][]string{
		"id":     {"ReqIF.ForeignID", reqifIdentifier},
		"desc":   {"ReqIF.ChapterName", "ReqIF.Name", "ReqIF.Text", "ReqIF.Description"},
		"group":  {reqifSpecification, reqifType},
		"tester": {"tester"}, "level": {"level"}, "source": {"source"}, "observe": {"observe"}, "rationale": {"rationale"},
		"retired": {"ReqIF.ForeignDeleted"},
	}}
	// What a tool notes of its own objects, and what TYPE and the like repeat.
	t.own = map[string]bool{reqifIdentifier: true, reqifLongName: true, reqifDesc: true, reqifType: true, reqifSpecification: true}
	for _, by := range []string{"CreatedBy", "CreatedOn", "CreatedThru", "ModifiedBy", "ModifiedOn", "Revision"} {
		t.own["ReqIF.Foreign"+by] = true
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

// addReqIF adds the objects of one file.
func (t *table) addReqIF(name string, data []byte) error {
	r := reqif{decoder: xml.NewDecoder(bytes.NewReader(data)), names: map[string]string{}, specification: map[string]string{}}
	if err := r.read(); err != nil {
		line, column := r.decoder.InputPos()
		return strictjson.Errors{{File: name, Line: line, Column: column, Text: err.Error() + ": export the file again"}}
	}
	index := map[string]int{}
	for _, o := range r.objects {
		row := row{line: o.line, column: o.column, ref: o.identifier, cells: map[string][]string{}}
		add := func(column, value string) {
			if value = strings.TrimSpace(value); value == "" {
				return
			}
			if !slices.Contains(t.columns, column) {
				t.columns = append(t.columns, column)
			}
			row.cells[column] = append(row.cells[column], value)
		}
		add(reqifIdentifier, o.identifier)
		add(reqifLongName, o.longName)
		add(reqifDesc, o.desc)
		add(reqifType, r.names[o.kind])
		add(reqifSpecification, r.specification[o.identifier])
		for _, v := range o.values {
			for _, text := range v.texts {
				if meaning, ok := r.names[text]; ok && v.enumeration {
					text = meaning
				}
				add(cmp.Or(r.names[v.definition], v.definition), text)
			}
		}
		if row.cells["ReqIF.Text"] == nil && row.cells["ReqIF.ChapterName"] == nil && row.cells["ReqIF.Name"] == nil {
			t.keys["desc"] = []string{"ReqIF.ChapterName", "ReqIF.Name", "ReqIF.Text", "ReqIF.Description", reqifLongName, reqifDesc}
		}
		index[o.identifier] = len(t.rows)
		t.rows = append(t.rows, row)
	}
	for _, l := range r.relations {
		if from, known := index[l.source]; known {
			t.rows[from].links = append(t.rows[from].links, l.target)
		}
	}
	if r.pictures > 0 {
		t.notes = append(t.notes, fmt.Sprintf("%d pictures and other objects within texts", r.pictures))
	}
	return nil
}

// reqif is what is taken from a ReqIF file.
type reqif struct {
	decoder       *xml.Decoder
	names         map[string]string // long names of types, attributes and enumerated values, by identifier
	specification map[string]string // long names of the specifications of objects
	objects       []reqifObject
	relations     []struct{ source, target string }
	pictures      int
}

type reqifObject struct {
	line, column                     int
	identifier, longName, desc, kind string
	values                           []reqifValue
}

type reqifValue struct {
	definition  string
	enumeration bool
	texts       []string
}

// read goes through the file once. An element is known by its name, whatever its
// namespace and the elements around it: exporters differ in these.
func (r *reqif) read() error {
	root := false
	for {
		token, err := r.decoder.Token()
		if err == io.EOF && root {
			return nil
		}
		if err == io.EOF {
			return fmt.Errorf("there is no REQ-IF element")
		}
		if err != nil {
			return err
		}
		e, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch name := e.Name.Local; {
		case name == "REQ-IF":
			root = true
		case name == "SPEC-OBJECT":
			err = r.object(e)
		case name == "SPEC-RELATION":
			err = r.relation()
		case name == "SPECIFICATION":
			err = r.outline(e)
		case attribute(e, "LONG-NAME") != "":
			r.names[attribute(e, "IDENTIFIER")] = attribute(e, "LONG-NAME")
		}
		if err != nil {
			return err
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// within calls visit for each element in the one that has begun. Visit may read the
// element to its end, and then returns true.
func (r *reqif) within(visit func(xml.StartElement) (bool, error)) error {
	for depth := 1; depth > 0; {
		token, err := r.decoder.Token()
		if err != nil {
			return unexpected(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			done, err := visit(e)
			if err != nil {
				return err
			}
			if !done {
				depth++
			}
		case xml.EndElement:
			depth--
		}
	}
	return nil
}

func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

func (r *reqif) object(e xml.StartElement) error {
	o := reqifObject{identifier: attribute(e, "IDENTIFIER"), longName: attribute(e, "LONG-NAME"), desc: attribute(e, "DESC")}
	o.line, o.column = r.decoder.InputPos()
	err := r.within(func(e xml.StartElement) (bool, error) {
		switch name := e.Name.Local; {
		case strings.HasPrefix(name, "ATTRIBUTE-VALUE-"):
			v := reqifValue{enumeration: name == "ATTRIBUTE-VALUE-ENUMERATION"}
			if value := attribute(e, "THE-VALUE"); value != "" {
				v.texts = append(v.texts, value)
			}
			err := r.value(&v)
			o.values = append(o.values, v)
			return true, err
		case strings.HasSuffix(name, "-TYPE-REF"):
			text, err := r.text()
			o.kind = text
			return true, err
		}
		return false, nil
	})
	r.objects = append(r.objects, o)
	return err
}

func (r *reqif) value(v *reqifValue) error {
	return r.within(func(e xml.StartElement) (bool, error) {
		switch name := e.Name.Local; {
		case strings.HasPrefix(name, "ATTRIBUTE-DEFINITION-") && strings.HasSuffix(name, "-REF"):
			text, err := r.text()
			v.definition = text
			return true, err
		case name == "ENUM-VALUE-REF", name == "THE-VALUE":
			text, err := r.text()
			v.texts = append(v.texts, text)
			return true, err
		case name == "THE-ORIGINAL-VALUE": // what THE-VALUE simplifies
			return true, r.decoder.Skip()
		}
		return false, nil
	})
}

func (r *reqif) relation() error {
	var l struct{ source, target string }
	end := &l.source
	err := r.within(func(e xml.StartElement) (bool, error) {
		switch e.Name.Local {
		case "SOURCE":
			end = &l.source
		case "TARGET":
			end = &l.target
		case "SPEC-OBJECT-REF":
			text, err := r.text()
			*end = text
			return true, err
		}
		return false, nil
	})
	if l.source != "" && l.target != "" {
		r.relations = append(r.relations, l)
	}
	return err
}

// outline notes which objects stand in a specification.
func (r *reqif) outline(of xml.StartElement) error {
	return r.within(func(e xml.StartElement) (bool, error) {
		if e.Name.Local != "SPEC-OBJECT-REF" {
			return false, nil
		}
		id, err := r.text()
		r.specification[id] = attribute(of, "LONG-NAME")
		return true, err
	})
}

// blocks are the elements of XHTML that begin a line.
var blocks = []string{"p", "div", "br", "li", "tr", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote"}

// text returns the text of the element that has begun, XHTML as plain text, and reads
// to its end.
func (r *reqif) text() (string, error) {
	var b strings.Builder
	for depth := 1; depth > 0; {
		token, err := r.decoder.Token()
		if err != nil {
			return "", unexpected(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			depth++
			if slices.Contains(blocks, strings.ToLower(e.Name.Local)) {
				b.WriteByte('\n')
			}
			if e.Name.Local == "object" || e.Name.Local == "img" {
				r.pictures++
			}
		case xml.EndElement:
			depth--
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
	return strings.Join(lines, "\n"), nil
}
