package ginkgo

import (
	"fmt"
	"testing"
)

func TestSuite(*testing.T) { fmt.Println("Running Suite: Lamp - /home/me/lamp") }
