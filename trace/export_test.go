package trace

// SuiteEnded is for tests, which run one suite after the other: Ginkgo forgets it with
// each suite.
var SuiteEnded = suiteEnded
