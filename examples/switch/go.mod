module example.com/switch

go 1.20

require (
	gitee.com/chunanyong/dm v1.8.23
	github.com/go-sql-driver/mysql v1.8.1
)
