package faulty

func apiFaults() []Member     { return nil }
func processFaults() []Member { return nil }
