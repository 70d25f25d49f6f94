package dm

import "strings"

// login reads a connection string as drivers from v1.8.20 on do: as it stands, without any decoding.
func login(dsn string) (user, password string, err error) {
	rest, isOurs := strings.CutPrefix(dsn, "dm://")
	at := strings.LastIndex(rest, "@")
	if !isOurs || at < 0 {
		return "", "", &DmError{ErrCode: -6002, ErrText: "DSN_INVALID_FORMAT"}
	}
	user, password, hasColon := strings.Cut(rest[:at], ":")
	if !hasColon {
		return "SYSDBA", "SYSDBA", nil
	}
	return user, password, nil
}
