// Declarations prints where Go's own parser sees the top-level declarations of files.
//
//	declarations FOLDER...
//
// A line for each Go file, fields separated by tabs: the path, then `START-END` of each declaration
// in bytes, or the one word `error` where the parser finds anything wrong.
package main

import (
	"bufio"
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for _, root := range os.Args[1:] {
		err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || !entry.Type().IsRegular() || !strings.HasSuffix(path, ".go") {
				return err
			}
			fmt.Fprintln(out, line(path))
			return nil
		})
		if err != nil {
			log.Fatal(err)
		}
	}
}

func line(path string) string {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
	if err != nil {
		return path + "\terror"
	}
	var out strings.Builder
	out.WriteString(path)
	base := files.File(file.FileStart).Base()
	for _, decl := range file.Decls {
		fmt.Fprintf(&out, "\t%d-%d", int(decl.Pos())-base, int(decl.End())-base)
	}
	return out.String()
}
