package faulty

func clientFaults() []Member { return nil }
