package store

import "testing"

func TestOpen(t *testing.T) {
	db, err := Open("dm://u:p@h")
	if err != nil {
		t.Fatalf("the program has another driver: %v", err)
	}
	if db.Ping() == nil {
		t.Error("there is no database")
	}
}
