package play

// Pattern is a text of n bytes in which no part is like another, so that a piece
// lost or moved shows.
func Pattern(n int) string {
	text := make([]byte, max(n, 0))
	for i := range text {
		text[i] = byte('!' + (i*7+i/93)%93)
	}
	return string(text)
}
