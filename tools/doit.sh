#!/bin/sh
# Shows a server and two clients at work: the first client leaves, the second
# shuts the server down. Nothing is left running, however this ends.
set -eu
oneline=${ONELINE:-bin/oneline}

folder=$(mktemp -d)
server=
finish() {
	test -z "$server" || { kill "$server"; wait "$server"; } 2>/dev/null || :
	rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# The server says where it listens once it does: reading that line is all the
# waiting there is. The pipe stays open, so that it can say more.
mkfifo "$folder/server"
"$oneline" serve -addr 127.0.0.1:0 >"$folder/server" &
server=$!
exec 3<"$folder/server"
read -r line <&3 || { echo "doit: the server did not start" >&2; exit 1; }
echo "server: $line"
addr=$(echo "$line" | sed -n 's/.*\(127\.0\.0\.1:[0-9][0-9]*\).*/\1/p')
test -n "$addr" || { echo "doit: no address in what the server said: $line" >&2; exit 1; }

client() {
	name=$1
	shift
	echo "$name sends: $*"
	"$oneline" send -addr "$addr" "$@" >"$folder/client"
	sed "s/^/$name receives: /" "$folder/client"
}

client "first client" ping cmd01 junk disconnect
client "second client" ping shutdown

sed 's/^/server: /' <&3
wait "$server" && status=0 || status=$?
server=
echo "server: ended with status $status"
exit "$status"
