module github.com/dm-go-driver

go 1.22
