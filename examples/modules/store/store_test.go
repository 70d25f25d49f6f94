package store

import "testing"

func TestOpen(t *testing.T) {
	db, err := Open("dm://u:p@h:5236")
	if err != nil {
		t.Fatal(err)
	}
	if db.Ping() == nil {
		t.Error("there is no database")
	}
}
