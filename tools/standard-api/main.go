// Standardapi writes the exported declarations of the standard library, as Go's type checker sees
// them, in the form in which dmmigrate reads them where no GOROOT is at hand: for each package a
// line "-- path --" and a Go file without bodies. What differs between platforms is left out, and
// constants whose values do have values that are not computed.
//
//	go run . > ../../src/go/packages/standard.txt
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
)

var platforms = []string{"linux/amd64", "windows/386", "darwin/arm64", "freebsd/amd64"}

// leftOut are packages that few programs import, or that only describe a platform.
var leftOut = []string{"cmd", "debug", "go/doc", "go/internal", "internal", "runtime", "syscall", "vendor", "unsafe",
	"crypto/internal", "hash/maphash", "index", "image/color/palette", "log/syslog", "plugin",
	"simd", "testing/cryptotest", "testing/fstest", "testing/iotest", "testing/slogtest",
	"testing/quick", "testing/synctest", "text/template/parse", "time/tzdata", "weak", "structs",
	"unique", "arena"}

var kept = map[string]bool{"runtime": true, "runtime/debug": true}

func wanted(path string) bool {
	if kept[path] {
		return true
	}
	for _, out := range leftOut {
		if path == out || strings.HasPrefix(path, out+"/") {
			return false
		}
	}
	return !strings.Contains(path, "/internal")
}

type listed struct {
	ImportPath, Dir string
	GoFiles         []string
	ImportMap       map[string]string
}

type loader struct {
	fset   *token.FileSet
	listed map[string]*listed
	done   map[string]*types.Package
	sizes  types.Sizes
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
	return i.load(path)
}

func (l *loader) load(path string) (*types.Package, error) {
	if known := l.done[path]; known != nil {
		return known, nil
	}
	p := l.listed[path]
	if p == nil {
		return nil, fmt.Errorf("not listed: %s", path)
	}
	var files []*ast.File
	for _, name := range p.GoFiles {
		file, err := parser.ParseFile(l.fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	conf := types.Config{Importer: importer{l, p}, IgnoreFuncBodies: true, FakeImportC: true,
		Error: func(error) {}, Sizes: l.sizes}
	pkg, _ := conf.Check(path, l.fset, files, nil)
	l.done[path] = pkg
	return pkg, nil
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func loadAll(platform string) map[string]*types.Package {
	goos, goarch, _ := strings.Cut(platform, "/")
	list := exec.Command("go", "list", "-json=ImportPath,Dir,GoFiles,ImportMap", "-deps", "std")
	list.Env = append(os.Environ(), "GOOS="+goos, "GOARCH="+goarch, "CGO_ENABLED=0")
	list.Stderr = os.Stderr
	out, err := list.Output()
	check(err)
	l := &loader{token.NewFileSet(), map[string]*listed{}, map[string]*types.Package{},
		types.SizesFor("gc", goarch)}
	decoder := json.NewDecoder(bytes.NewReader(out))
	for decoder.More() {
		p := new(listed)
		check(decoder.Decode(p))
		l.listed[p.ImportPath] = p
	}
	packages := map[string]*types.Package{}
	for path := range l.listed {
		if wanted(path) {
			pkg, err := l.load(path)
			check(err)
			packages[path] = pkg
		}
	}
	return packages
}

// api collects the declarations of one package on one platform, by name.
type api struct {
	pkg     *types.Package
	imports map[string]bool
	decls   map[string]string
	values  map[string]string
	todo    []*types.TypeName
}

func (a *api) qualifier(p *types.Package) string {
	if p == a.pkg {
		return ""
	}
	a.imports[p.Path()] = true
	return p.Name()
}

func (a *api) text(t types.Type) string {
	a.follow(t, 0)
	return types.TypeString(bare(t), a.qualifier)
}

// bare takes the names of parameters away.
func bare(t types.Type) types.Type {
	s, ok := t.(*types.Signature)
	if !ok || s.TypeParams().Len() > 0 {
		return t
	}
	unnamed := func(tuple *types.Tuple) *types.Tuple {
		var vars []*types.Var
		for i := range tuple.Len() {
			vars = append(vars, types.NewParam(0, nil, "", tuple.At(i).Type()))
		}
		return types.NewTuple(vars...)
	}
	return types.NewSignatureType(nil, nil, nil, unnamed(s.Params()), unnamed(s.Results()), s.Variadic())
}

// follow finds types of the package that are not exported but can be reached.
func (a *api) follow(t types.Type, depth int) {
	if depth > 10 {
		return
	}
	depth++
	switch t := t.(type) {
	case *types.Named:
		if t.Obj().Pkg() == a.pkg && !t.Obj().Exported() {
			a.todo = append(a.todo, t.Obj())
		}
		for i := range t.TypeArgs().Len() {
			a.follow(t.TypeArgs().At(i), depth)
		}
	case interface{ Elem() types.Type }:
		a.follow(t.Elem(), depth)
		if m, ok := t.(*types.Map); ok {
			a.follow(m.Key(), depth)
		}
	case *types.Signature:
		for i := range t.Params().Len() {
			a.follow(t.Params().At(i).Type(), depth)
		}
		for i := range t.Results().Len() {
			a.follow(t.Results().At(i).Type(), depth)
		}
	}
}

func (a *api) signature(name string, s *types.Signature) string {
	return name + strings.TrimPrefix(a.text(s), "func")
}

func (a *api) typeParams(list *types.TypeParamList, constraints bool) string {
	if list.Len() == 0 {
		return ""
	}
	var parts []string
	for i := range list.Len() {
		p := list.At(i)
		part := p.Obj().Name()
		if constraints {
			part += " " + a.text(p.Constraint())
		}
		parts = append(parts, part)
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

func (a *api) object(obj types.Object) {
	name := obj.Name()
	if a.decls[name] != "" {
		return
	}
	switch o := obj.(type) {
	case *types.Const:
		ty := ""
		if b, ok := o.Type().(*types.Basic); !ok || b.Info()&types.IsUntyped == 0 {
			ty = " " + a.text(o.Type())
		}
		a.decls[name] = "const " + name + ty + " = "
		a.values[name] = value(o)
	case *types.Var:
		a.decls[name] = "var " + name + " " + a.text(o.Type())
	case *types.Func:
		a.decls[name] = "func " + a.signature(name, o.Type().(*types.Signature))
	case *types.TypeName:
		a.typeName(o)
	}
}

func value(c *types.Const) string {
	b := c.Type().Underlying().(*types.Basic)
	switch c.Val().Kind() {
	case constant.Float, constant.Complex:
		if b.Info()&types.IsComplex != 0 {
			return "1i"
		}
		return "1.0"
	case constant.String:
		return strconv.Quote(constant.StringVal(c.Val()))
	}
	if b.Info()&types.IsFloat != 0 {
		return "1.0"
	}
	if n, ok := constant.Int64Val(c.Val()); ok && b.Kind() == types.UntypedRune {
		return strconv.QuoteRuneToASCII(rune(n))
	}
	return c.Val().ExactString()
}

// notComputed is an expression of the same kind without a value.
func notComputed(v string) string {
	switch {
	case strings.HasPrefix(v, "\""):
		return `"\xff"`
	case strings.HasPrefix(v, "'"):
		return "'0' << 1.0"
	case v == "true" || v == "false":
		return "1.0 == 1.0"
	case strings.ContainsAny(v, ".i"):
		return v
	}
	return "1 << 1.0"
}

func (a *api) typeName(o *types.TypeName) {
	name := o.Name()
	if alias, ok := o.Type().(*types.Alias); ok {
		a.decls[name] = "type " + name + a.typeParams(alias.TypeParams(), true) + " = " + a.text(alias.Rhs())
		return
	}
	named, ok := o.Type().(*types.Named)
	if !ok {
		return
	}
	a.decls[name] = "type " + name + a.typeParams(named.TypeParams(), true) + " " + a.underlying(named)
	receiver := name + a.typeParams(named.TypeParams(), false)
	if types.IsInterface(named) {
		return
	}
	set := types.NewMethodSet(types.NewPointer(named))
	for i := range set.Len() {
		s := set.At(i)
		if !s.Obj().Exported() || len(s.Index()) > 1 && !a.hidden(named, s.Index()) {
			continue
		}
		f := s.Obj().(*types.Func)
		star := "*"
		if types.NewMethodSet(named).Lookup(a.pkg, f.Name()) != nil {
			star = ""
		}
		key := name + "." + f.Name()
		a.decls[key] = "func (" + star + receiver + ") " + a.signature(f.Name(), s.Type().(*types.Signature))
	}
}

// hidden tells whether the way to a promoted method begins with a field that is not exported.
func (a *api) hidden(named *types.Named, index []int) bool {
	s, ok := named.Underlying().(*types.Struct)
	return ok && !s.Field(index[0]).Exported()
}

func (a *api) underlying(named *types.Named) string {
	switch u := named.Underlying().(type) {
	case *types.Struct:
		var fields []string
		for i := range u.NumFields() {
			f := u.Field(i)
			switch {
			case f.Exported() && f.Embedded():
				fields = append(fields, a.text(f.Type()))
			case f.Exported():
				fields = append(fields, f.Name()+" "+a.text(f.Type()))
			case f.Embedded():
				t := f.Type()
				if p, ok := t.(*types.Pointer); ok {
					t = p.Elem()
				}
				if inner, ok := t.Underlying().(*types.Struct); ok {
					for j := range inner.NumFields() {
						if inner.Field(j).Exported() && !inner.Field(j).Embedded() {
							fields = append(fields, inner.Field(j).Name()+" "+a.text(inner.Field(j).Type()))
						}
					}
				}
			}
		}
		return "struct{" + strings.Join(fields, "; ") + "}"
	case *types.Interface:
		var parts []string
		for i := range u.NumExplicitMethods() {
			m := u.ExplicitMethod(i)
			if m.Exported() {
				parts = append(parts, a.signature(m.Name(), m.Type().(*types.Signature)))
			}
		}
		for i := range u.NumEmbeddeds() {
			parts = append(parts, a.text(u.EmbeddedType(i)))
		}
		return "interface{" + strings.Join(parts, "; ") + "}"
	default:
		return a.text(u)
	}
}

func collect(pkg *types.Package) *api {
	a := &api{pkg, map[string]bool{}, map[string]string{}, map[string]string{}, nil}
	for _, name := range pkg.Scope().Names() {
		if obj := pkg.Scope().Lookup(name); obj.Exported() {
			a.object(obj)
		}
	}
	for len(a.todo) > 0 {
		obj := a.todo[0]
		a.todo = a.todo[1:]
		if obj.Parent() == pkg.Scope() {
			a.object(obj)
		}
	}
	return a
}

func main() {
	all := map[string][]*api{}
	for _, platform := range platforms {
		for path, pkg := range loadAll(platform) {
			all[path] = append(all[path], collect(pkg))
		}
	}
	var paths []string
	for path := range all {
		paths = append(paths, path)
	}
	sort.Strings(paths)
	w := bufio.NewWriter(os.Stdout)
	defer w.Flush()
	for _, path := range paths {
		write(w, path, all[path])
	}
}

func write(w *bufio.Writer, path string, apis []*api) {
	imports := map[string]bool{}
	decls := map[string]string{}
	differ := map[string]bool{}
	values := map[string]string{}
	for _, a := range apis {
		for path := range a.imports {
			imports[path] = true
		}
		for name, decl := range a.decls {
			if known, ok := decls[name]; ok && known != decl {
				differ[name] = true
			}
			decls[name] = decl
			v := a.values[name]
			if known, ok := values[name]; ok && known != v {
				v = notComputed(v)
			}
			values[name] = v
		}
	}
	fmt.Fprintf(w, "-- %s --\npackage %s\n", path, apis[0].pkg.Name())
	var sorted []string
	for path := range imports {
		sorted = append(sorted, path)
	}
	sort.Strings(sorted)
	for _, path := range sorted {
		fmt.Fprintf(w, "import %q\n", path)
	}
	sorted = nil
	for name := range decls {
		if !differ[name] {
			sorted = append(sorted, name)
		}
	}
	sort.Strings(sorted)
	for _, name := range sorted {
		fmt.Fprintln(w, decls[name]+values[name])
	}
}
