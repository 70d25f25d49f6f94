module example.com/modules

go 1.20

require (
	github.com/bluegitter/dm v1.0.0
	github.com/godoes/gorm-dameng v0.7.2
)
