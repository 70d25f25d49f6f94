// pack types
package app

import (
	
	"example.com/missing"
)

func use(r missing.Result) {
	rows := missing.Query("select 1")
	rows.Close()
	r.Rows.Close()
	dm.Write(missing.Text)
}
