module example.com/dsn

go 1.20

require gitee.com/chunanyong/dm v1.8.14
