package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/socket-oneline/oneline/reports/render/document"
)

// helpWidth is how many columns a help text takes at most.
const helpWidth = 80

// printHelp prints the help of a command: what it is for, how it is called, and
// each flag with its text below it.
func printHelp(w io.Writer, _ string, data any) {
	c, ok := data.(*cli.Command)
	if !ok {
		return
	}
	call := c.FullName()
	root := c.Root() == c
	if root {
		call += " COMMAND"
	}
	call += " [flags]"
	fmt.Fprintf(w, "usage: %s\n\n", strings.TrimSpace(call+" "+c.ArgsUsage))
	paragraph(w, "", strings.ToUpper(c.Usage[:1])+c.Usage[1:]+".")
	if c.Description != "" {
		for text := range strings.SplitSeq(c.Description, "\n\n") {
			fmt.Fprintln(w)
			paragraph(w, "", text)
		}
	}
	if root {
		fmt.Fprint(w, "\ncommands:\n")
		for _, sub := range c.VisibleCommands() {
			fmt.Fprintf(w, "  %-8s  %s\n", sub.Name, sub.Usage)
		}
		fmt.Fprintf(w, "\n%s COMMAND -h says more of each.\n", c.FullName())
		return
	}
	fmt.Fprint(w, "\nflags:\n")
	for _, f := range c.VisibleFlags() {
		printFlag(w, f)
	}
}

// printFlag prints a flag. The word in backquotes that its text begins with
// stands for its value.
func printFlag(w io.Writer, f cli.Flag) {
	doc, ok := f.(cli.DocGenerationFlag)
	if !ok {
		return
	}
	text := doc.GetUsage()
	value := ""
	if rest, quoted := strings.CutPrefix(text, "`"); quoted {
		value, text, _ = strings.Cut(rest, "`: ")
	}
	if standard := doc.GetValue(); standard != "" && standard != "0s" && value != "" {
		text += " (default " + strings.Trim(standard, `"`) + ")"
	}
	fmt.Fprintln(w, strings.TrimRight("  -"+strings.Join(f.Names(), ", -")+" "+value, " "))
	paragraph(w, "        ", text)
}

// paragraph prints words in lines of at most helpWidth columns.
func paragraph(w io.Writer, indent, text string) {
	for _, line := range document.Wrap(document.OneLine(text), helpWidth-len(indent)) {
		fmt.Fprintln(w, indent+line)
	}
}
