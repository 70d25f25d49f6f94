// Oracle prints what Go's own type checker says about every expression and every identifier of
// packages, for comparison with what dmmigrate works out without it.
//
//	oracle [-tests] [-broken] DIR PATTERN...
//
// The packages are those that `go list PATTERN...` names in DIR, without cgo. Files with errors
// are left out, or come with -broken as far as the checker makes sense of them. The output has a
// line for each fact; offsets are bytes, fields are separated by tabs:
//
//	F  file
//	E  start  end  type  type-with-aliases   an expression
//	D  start  end  type  type-with-aliases   a declaring identifier
//	O  start  end  object                    any identifier
//	C  start  end  value                     a constant string, integer or boolean
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
)

type listed struct {
	ImportPath string
	Dir        string
	GoFiles    []string
	ImportMap  map[string]string
	DepOnly    bool
	Standard   bool
	ForTest    string
	Module     *struct{ GoVersion string }
}

type loader struct {
	fset   *token.FileSet
	listed map[string]*listed
	done   map[string]*types.Package
	sizes  types.Sizes
	// Files with errors: what the checker says of them may be guesses.
	broken map[string]bool
	// Whether they are reported all the same.
	sure bool
}

type importer struct {
	*loader
	from *listed
}

func (i importer) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if mapped, ok := i.from.ImportMap[path]; ok {
		path = mapped
	}
	return i.load(path, nil, nil)
}

func (l *loader) load(path string, info *types.Info, sink *[]*ast.File) (*types.Package, error) {
	if known := l.done[path]; known != nil && info == nil {
		return known, nil
	}
	p := l.listed[path]
	if p == nil {
		return nil, fmt.Errorf("not listed: %s", path)
	}
	var files []*ast.File
	for _, name := range p.GoFiles {
		if !filepath.IsAbs(name) {
			name = filepath.Join(p.Dir, name)
		}
		file, err := parser.ParseFile(l.fset, name, nil, parser.SkipObjectResolution)
		if file == nil {
			return nil, err
		}
		if err != nil {
			l.broken[name] = true
		}
		files = append(files, file)
	}
	if sink != nil {
		*sink = files
	}
	conf := types.Config{
		Importer:                 importer{l, p},
		IgnoreFuncBodies:         info == nil,
		FakeImportC:              true,
		DisableUnusedImportCheck: true,
		Sizes:                    l.sizes,
		Error: func(err error) {
			if err, ok := err.(types.Error); ok {
				l.broken[l.fset.PositionFor(err.Pos, false).Filename] = true
			}
		},
	}
	if p.Module != nil && p.Module.GoVersion != "" {
		conf.GoVersion = "go" + p.Module.GoVersion
	}
	plain, _, _ := strings.Cut(path, " [")
	pkg, _ := conf.Check(plain, l.fset, files, info)
	if l.done[path] == nil {
		l.done[path] = pkg
	}
	return pkg, nil
}

func main() {
	tests := flag.Bool("tests", false, "with the packages' tests")
	broken := flag.Bool("broken", false, "files with errors, too")
	flag.Parse()
	dir, patterns := flag.Arg(0), flag.Args()[1:]
	l := &loader{
		fset:   token.NewFileSet(),
		listed: map[string]*listed{},
		done:   map[string]*types.Package{},
		broken: map[string]bool{},
		sizes:  types.SizesFor("gc", "amd64"),
		sure:   *broken,
	}
	wanted := l.list(dir, *tests, patterns)
	w := bufio.NewWriterSize(os.Stdout, 1<<20)
	defer w.Flush()
	for _, p := range wanted {
		l.report(w, p)
	}
}

// list asks the go command for packages and what they import.
func (l *loader) list(dir string, tests bool, patterns []string) (wanted []*listed) {
	args := []string{"list", "-e", "-deps",
		"-json=ImportPath,Dir,GoFiles,ImportMap,DepOnly,Standard,ForTest,Module"}
	if tests {
		args = append(args, "-test")
	}
	list := exec.Command("go", append(args, patterns...)...)
	list.Dir = dir
	list.Env = append(os.Environ(), "CGO_ENABLED=0")
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		fmt.Fprintln(os.Stderr, "go list:", err)
		os.Exit(1)
	}
	decoder := json.NewDecoder(strings.NewReader(string(out)))
	for {
		p := new(listed)
		if err := decoder.Decode(p); err == io.EOF {
			return wanted
		} else if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		l.listed[p.ImportPath] = p
		if !p.DepOnly && p.ImportPath != "unsafe" && !strings.HasSuffix(p.ImportPath, ".test") {
			wanted = append(wanted, p)
		}
	}
}

func (l *loader) report(w *bufio.Writer, p *listed) {
	info := &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{},
		Defs:  map[*ast.Ident]types.Object{},
		Uses:  map[*ast.Ident]types.Object{},
	}
	var files []*ast.File
	if _, err := l.load(p.ImportPath, info, &files); err != nil {
		fmt.Fprintln(os.Stderr, p.ImportPath, err)
		return
	}
	lines := map[string][]string{}
	add := func(kind string, node ast.Node, rest string) {
		from := l.fset.PositionFor(node.Pos(), false)
		to := l.fset.PositionFor(node.End(), false)
		line := fmt.Sprintf("%s\t%d\t%d\t%s\n", kind, from.Offset, to.Offset, rest)
		lines[from.Filename] = append(lines[from.Filename], line)
	}
	spellings := func(t types.Type) string {
		return show(t, true) + "\t" + show(t, false)
	}
	// The checker makes up expressions, such as the 1 of x++.
	written := map[ast.Node]bool{}
	// An expression that later constants repeat has a value for each of them, and inside functions
	// its names may mean something else each time.
	repeated := map[ast.Node]bool{}
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			written[n] = true
			if d, ok := n.(*ast.GenDecl); ok && d.Tok == token.CONST {
				for _, spec := range d.Specs {
					if len(spec.(*ast.ValueSpec).Values) == 0 {
						ast.Inspect(d, func(n ast.Node) bool {
							repeated[n] = true
							return true
						})
						break
					}
				}
			}
			return true
		})
	}
	shadowed := func(id *ast.Ident) bool {
		if !repeated[id] {
			return false
		}
		obj := info.Uses[id]
		_, constant := obj.(*types.Const)
		return constant && obj.Pkg() != nil && obj.Parent() != obj.Pkg().Scope()
	}
	for e, tv := range info.Types {
		if id, ok := e.(*ast.Ident); ok && shadowed(id) {
			continue
		}
		if !written[e] || tv.IsBuiltin() || tv.Type == nil || invalid(tv.Type) {
			continue
		}
		add("E", e, spellings(tv.Type))
		if value := constantValue(tv.Value); value != "" && !repeated[e] {
			add("C", e, value)
		}
	}
	for id, obj := range info.Defs {
		if obj == nil || id.Name == "_" {
			continue
		}
		if _, ok := obj.(*types.Label); !ok && !invalid(obj.Type()) {
			// An embedded field is declared where its type is used: one of the two.
			_, both := info.Uses[id]
			if _, ok := obj.(*types.PkgName); !ok && !both {
				add("D", id, spellings(obj.Type()))
			}
		}
		add("O", id, l.object(obj))
		if c, ok := obj.(*types.Const); ok {
			if value := constantValue(c.Val()); value != "" {
				add("C", id, value)
			}
		}
	}
	for id, obj := range info.Uses {
		if id.Name == "_" || shadowed(id) {
			continue
		}
		add("O", id, l.object(obj))
	}
	var names []string
	for name := range lines {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		if l.broken[name] && !l.sure {
			continue
		}
		fmt.Fprintf(w, "F\t%s\n", name)
		sort.Strings(lines[name])
		for _, line := range lines[name] {
			w.WriteString(line)
		}
	}
}

// constantValue spells strings quoted, integers in decimals, and booleans.
func constantValue(v constant.Value) string {
	if v == nil {
		return ""
	}
	switch v.Kind() {
	case constant.String:
		return strconv.QuoteToASCII(constant.StringVal(v))
	case constant.Bool:
		return v.ExactString()
	case constant.Int, constant.Float:
		if v := constant.ToInt(v); v.Kind() == constant.Int {
			return v.ExactString()
		}
	}
	return ""
}

func invalid(t types.Type) bool {
	return strings.Contains(types.TypeString(t, nil), "invalid type")
}

// object tells objects apart by where they are declared; names of packages by path and name.
func (l *loader) object(obj types.Object) string {
	switch o := obj.(type) {
	case *types.PkgName:
		return "package " + o.Imported().Path()
	case *types.Label:
		at := l.fset.PositionFor(obj.Pos(), false)
		return fmt.Sprintf("at %s:%d", at.Filename, at.Offset)
	case *types.Var:
		obj = o.Origin()
	case *types.Func:
		obj = o.Origin()
	}
	if obj.Pkg() == nil || !obj.Pos().IsValid() {
		if obj.Pkg() != nil {
			return "global " + obj.Pkg().Path() + " " + obj.Name()
		}
		if _, ok := obj.(*types.Func); ok {
			return "predeclared error." + obj.Name()
		}
		return "predeclared " + obj.Name()
	}
	if obj.Parent() == obj.Pkg().Scope() {
		return "global " + obj.Pkg().Path() + " " + obj.Name()
	}
	at := l.fset.PositionFor(obj.Pos(), false)
	return fmt.Sprintf("at %s:%d", at.Filename, at.Offset)
}
