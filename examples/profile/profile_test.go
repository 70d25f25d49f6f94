package profile

import "testing"

func TestGreeting(t *testing.T) {
	p := New("li")
	if g := Greeting(p); g != "hello, li" {
		t.Error(g)
	}
	Rename(p, "wang")
	if g := Greeting(p); g != "hello, wang" {
		t.Error(g)
	}
}
