#!/bin/sh
# Writes the documentation of every package into the folder given, a text file
# each, and index.txt, which says what is where.
set -eu
out=${1:?usage: doc.sh FOLDER}
go=${GO:-go}
module=$($go list -m)

rm -rf "$out"
mkdir -p "$out"
$go list -f '{{.ImportPath}} {{.Doc}}' ./... | while read -r package synopsis; do
	name=${package#"$module"}
	file=$(basename "$module")$(echo "$name" | tr / -).txt
	$go doc -all -cmd "$package" >"$out/$file"
	printf '%s\n    %s\n    %s\n\n' "$file" "$package" "$synopsis" >>"$out/index.txt"
done
test -s "$out/index.txt"
echo "documentation in $out, beginning with $out/index.txt"
