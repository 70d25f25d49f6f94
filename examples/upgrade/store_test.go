package store

import (
	"errors"
	"strings"
	"testing"

	"gitee.com/chunanyong/dm"
)

func TestOpen(t *testing.T) {
	_, err := Open(DSN("orders", "secret", "127.0.0.1:5236"))
	var server *dm.DmError
	if !errors.As(err, &server) || !strings.Contains(err.Error(), "error -6001") {
		t.Errorf("Open: %v", err)
	}
}
