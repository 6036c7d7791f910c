package faulty

func wireFaults() []Member { return nil }
func nulls() []Member      { return nil }
func variants() []Member   { return nil }
