module github.com/dm-database/godriver

go 1.22
