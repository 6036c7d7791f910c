#!/bin/sh
# Writes the documentation of every package into the folder given, a text file
# each, and index.txt, which says what is where.
set -eu
out=${1:?usage: doc.sh FOLDER}
go=${GO:-go}
module=$($go list -m)

rm -rf "$out"
mkdir -p "$out"
# A folder that holds nothing but tests has no documentation.
packages=$($go list -f '{{if .GoFiles}}{{.ImportPath}}{{end}}' ./...)
for package in $packages; do
	file=$(basename "$module")$(echo "${package#"$module"}" | tr / -).txt
	$go doc -all -cmd "$package" >"$out/$file"
	$go list -f "$file
    {{.ImportPath}}
    {{.Doc}}
" "$package" >>"$out/index.txt"
done
echo "documentation in $out, beginning with $out/index.txt"
