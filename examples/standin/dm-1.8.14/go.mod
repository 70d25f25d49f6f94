module gitee.com/chunanyong/dm

go 1.13
