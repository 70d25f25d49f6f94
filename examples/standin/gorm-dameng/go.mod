module github.com/godoes/gorm-dameng

go 1.20
