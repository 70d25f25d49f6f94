// pack dm-field-fallback
package old

import dm "github.com/dm-database/godriver"

func greet(p *dm.UserProfile) string { return p.Username }

type account struct{ Usernamereturn a.Username }
