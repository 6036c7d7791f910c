module github.com/socket-oneline/oneline/tools/intoto

go 1.26.0

require (
	github.com/in-toto/attestation v1.2.0
	github.com/socket-oneline/oneline v0.0.0
	google.golang.org/protobuf v1.36.11
)

require (
	github.com/go-json-experiment/json v1.27.2 // indirect
	github.com/xeipuuv/gojsonpointer v0.0.0-20180127040702-4e3ac2762d5f // indirect
	github.com/xeipuuv/gojsonreference v0.0.0-20180127040603-bd5ef7bd5415 // indirect
	github.com/xeipuuv/gojsonschema v1.2.0 // indirect
	golang.org/x/sync v0.24.0 // indirect
)

replace github.com/socket-oneline/oneline => ../..
