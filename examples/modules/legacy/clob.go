// Package legacy reads large texts with the copy of the driver that a gorm dialect carries.
package legacy

import "github.com/godoes/gorm-dameng/dm8"

// Text is what a CLOB holds.
func Text(v any) (string, bool) {
	clob, ok := v.(*dm8.DmClob)
	if !ok {
		return "", false
	}
	length, err := clob.GetLength()
	if err != nil {
		return "", false
	}
	text, err := clob.ReadString(1, int(length))
	return text, err == nil
}
