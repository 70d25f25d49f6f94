package dm

import "net/url"

// login reads a connection string as drivers up to v1.8.17 do: as a URL, percent-decoded, with user
// and password among the keys, too.
func login(dsn string) (user, password string, err error) {
	u, err := url.Parse(dsn)
	if err != nil || u.Scheme != "dm" {
		return "", "", &DmError{ErrCode: -6002, ErrText: "invalid connection string"}
	}
	user, password = "SYSDBA", "SYSDBA"
	if u.User != nil {
		user = u.User.Username()
		password, _ = u.User.Password()
	}
	if keys := u.Query(); keys.Has("user") {
		user, password = keys.Get("user"), keys.Get("password")
	}
	return user, password, nil
}
