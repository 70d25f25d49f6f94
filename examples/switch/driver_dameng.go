//go:build dameng

package store

import _ "gitee.com/chunanyong/dm"

const driverName = "dm"
