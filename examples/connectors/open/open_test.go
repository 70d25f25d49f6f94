package open

import "testing"

func TestOpen(t *testing.T) {
	const dsn = "dm://u:p@h:5236"
	for _, open := range []func(string) error{
		func(dsn string) error { _, err := Literal(dsn); return err },
		func(dsn string) error { _, err := New(dsn); return err },
		func(dsn string) error { _, err := Variable(dsn); return err },
		func(dsn string) error { _, err := Value(dsn); return err },
		func(dsn string) error { _, err := Assigned(dsn); return err },
		func(dsn string) error { _, err := Parameter(nil, dsn); return err },
		func(dsn string) error { _, err := Function(dsn); return err },
		func(dsn string) error { _, err := Plain(dsn); return err },
	} {
		if err := open(dsn); err != nil {
			t.Error(err)
		}
	}
	if Condition(dsn) == nil {
		t.Error("not opened")
	}
	if _, _, err := Shared(dsn); err == nil {
		t.Error("there is no database")
	}
}
