package calculator_test

import (
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"example.com/calculator/specs"
)

func TestCalculator(t *testing.T) {
	RegisterFailHandler(Fail)
	specs.Register()
	RunSpecs(t, "calculator")
}
