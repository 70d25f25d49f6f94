package legacy

import (
	"testing"

	"github.com/godoes/gorm-dameng/dm8"
)

func TestText(t *testing.T) {
	if text, ok := Text(dm8.NewClob("达梦")); !ok || text != "达梦" {
		t.Errorf("Text = %q, %v", text, ok)
	}
}
