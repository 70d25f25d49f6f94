package store

import "testing"

func TestOpen(t *testing.T) {
	db, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	if db.Ping() == nil {
		t.Error("there is no database")
	}
}
