module example.com/profile

go 1.22

require github.com/dm-database/godriver v1.5.0
