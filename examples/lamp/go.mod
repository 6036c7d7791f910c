module example.com/lamp

go 1.26.0

require github.com/socket-oneline/oneline v0.0.0

replace github.com/socket-oneline/oneline => ../..
