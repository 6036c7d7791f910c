package cover

import (
	"fmt"
	"slices"
)

// Both files of coverage data begin with four bytes that say what they are, and
// the version of their form.
const (
	metaMagic    = "\x00cvm"
	counterMagic = "\x00cwm"
	formVersion  = 1
)

// Lengths of what stands before and behind the payload.
const (
	metaHeader    = 56
	packageHeader = 44
	counterHeader = 32
	counterFooter = 16
)

// hash identifies the program that coverage data is of.
type hash [16]byte

// meta is what a program says of its own code: all functions that are counted,
// by the numbers that counters bear.
type meta struct {
	hash     hash
	packages []metaPackage
}

type metaPackage struct {
	path, name, module string
	functions          []metaFunction
}

type metaFunction struct {
	name  string
	file  string // import path and name of the file
	units []unit
}

// unit is a block with its own counter.
type unit struct {
	line, column, endLine, endColumn, statements int
}

// readMeta reads what runtime/coverage.WriteMeta writes: a header, the offsets
// and lengths of the packages' payloads, and the payloads.
func readMeta(data []byte) (m meta, err error) {
	defer recovered(&err, "the description of the covered code")
	d := decoder{data: data}
	d.magic(metaMagic)
	d.skip(8) // the length of all
	packages := d.count()
	copy(m.hash[:], d.take(len(m.hash)))
	d.at(metaHeader)
	offsets := make([]int, packages)
	for i := range offsets {
		offsets[i] = d.word64()
	}
	lengths := make([]int, packages)
	for i := range lengths {
		lengths[i] = d.word64()
	}
	for i := range offsets {
		d.at(offsets[i])
		m.packages = append(m.packages, readPackage(d.take(lengths[i])))
	}
	return m, nil
}

// readPackage reads the payload of one package: a header, where each function
// stands, a table of strings, and the functions.
func readPackage(data []byte) metaPackage {
	d := decoder{data: data}
	d.skip(4) // its length
	name, path, module := d.word32(), d.word32(), d.word32()
	d.at(packageHeader - 4)
	offsets := make([]int, d.bounded(d.word32(), 4))
	for i := range offsets {
		offsets[i] = d.word32()
	}
	texts := d.texts()
	p := metaPackage{path: texts.at(path), name: texts.at(name), module: texts.at(module)}
	for _, offset := range offsets {
		d.at(offset)
		units := d.bounded(d.number(), 5)
		f := metaFunction{name: texts.at(d.number()), file: texts.at(d.number()), units: make([]unit, units)}
		for i := range f.units {
			f.units[i] = unit{d.number(), d.number(), d.number(), d.number(), d.number()}
		}
		p.functions = append(p.functions, f)
	}
	return p
}

// counted is a block that was executed, by the numbers of meta.
type counted struct{ pkg, function, unit int }

// readCounters reads what runtime/coverage.WriteCounters writes, and calls each
// for every block that was executed. of is the program that the counters are
// of: false is given for those of another one.
func readCounters(data []byte, of hash, each func(counted)) (ours bool, err error) {
	defer recovered(&err, "the counters of the covered code")
	d := decoder{data: data}
	d.magic(counterMagic)
	if !slices.Equal(d.take(len(of)), of[:]) {
		return false, nil
	}
	if flavour := d.take(1)[0]; flavour != 2 {
		panic(malformed(fmt.Sprintf("the counters have the flavour %d, not 2", flavour)))
	}
	d.at(len(data) - counterFooter)
	if string(d.take(len(counterMagic))) != counterMagic {
		panic(malformed("it is cut off"))
	}
	d.skip(4)
	segments := d.word32()
	d.at(counterHeader)
	for i := range segments {
		if i > 0 {
			d.skip(counterFooter)
		}
		functions := d.word64()
		d.skip(d.word32() + d.word32()) // the program's arguments
		d.at((d.pos + 3) &^ 3)
		for range functions {
			units := d.number()
			c := counted{pkg: d.number(), function: d.number()}
			for c.unit = range units {
				if d.number() > 0 {
					each(c)
				}
			}
		}
	}
	return true, nil
}
