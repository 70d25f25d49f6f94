package store

import "testing"

func TestErrors(t *testing.T) {
	db, err := Open("dm://u:p@h:5236")
	if Code(err) == "" {
		t.Errorf("Code(%v) = %q", err, Code(err))
	}
	if _, err := Names(db); err == nil {
		t.Error("there is no database")
	}
}
