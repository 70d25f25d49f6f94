package store

import (
	"context"
	"testing"
)

func TestCustomerName(t *testing.T) {
	name, err := CustomerName(context.Background(), 7)
	if err != nil || name != "user 7" {
		t.Errorf("CustomerName(7) = %q, %v", name, err)
	}
	if _, err := Open("user:pass@tcp(127.0.0.1:5236)/test"); err != nil {
		t.Error(err)
	}
}
