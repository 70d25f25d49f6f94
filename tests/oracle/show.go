package main

import (
	"fmt"
	"go/types"
	"strings"
)

// show prints a type as types.TypeString does, with whole package paths; aliases are followed
// where unalias is set. An empty interface is any, parameters have no names, and a generic type
// that is not instantiated has no parameters.
func show(t types.Type, unalias bool) string {
	p := &printer{unalias: unalias}
	p.top(t)
	return p.b.String()
}

type printer struct {
	b       strings.Builder
	unalias bool
	depth   int
}

func (p *printer) s(parts ...string) {
	for _, part := range parts {
		p.b.WriteString(part)
	}
}

func (p *printer) top(t types.Type) {
	if tuple, ok := t.(*types.Tuple); ok {
		p.s("(")
		for i := range tuple.Len() {
			if i > 0 {
				p.s(", ")
			}
			p.t(tuple.At(i).Type())
		}
		p.s(")")
		return
	}
	p.t(t)
}

func (p *printer) name(obj *types.TypeName, args *types.TypeList) {
	if obj.Pkg() != nil {
		p.s(obj.Pkg().Path(), ".")
	}
	p.s(obj.Name())
	if args.Len() > 0 {
		p.s("[")
		for i := range args.Len() {
			if i > 0 {
				p.s(",")
			}
			p.t(args.At(i))
		}
		p.s("]")
	}
}

func (p *printer) t(t types.Type) {
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > 300 {
		p.s("…")
		return
	}
	if p.unalias {
		t = types.Unalias(t)
	}
	switch t := t.(type) {
	case *types.Alias:
		p.name(t.Obj(), t.TypeArgs())
	case *types.Named:
		p.name(t.Obj(), t.TypeArgs())
	case *types.Basic:
		if t.Kind() == types.UnsafePointer {
			p.s("unsafe.Pointer")
		} else {
			p.s(types.Typ[t.Kind()].Name())
		}
	case *types.Pointer:
		p.s("*")
		p.t(t.Elem())
	case *types.Slice:
		p.s("[]")
		p.t(t.Elem())
	case *types.Array:
		p.s(fmt.Sprintf("[%d]", t.Len()))
		p.t(t.Elem())
	case *types.Map:
		p.s("map[")
		p.t(t.Key())
		p.s("]")
		p.t(t.Elem())
	case *types.Chan:
		switch t.Dir() {
		case types.SendOnly:
			p.s("chan<- ")
			p.t(t.Elem())
		case types.RecvOnly:
			p.s("<-chan ")
			p.t(t.Elem())
		default:
			if c, ok := t.Elem().(*types.Chan); ok && c.Dir() == types.RecvOnly {
				p.s("chan (")
				p.t(t.Elem())
				p.s(")")
			} else {
				p.s("chan ")
				p.t(t.Elem())
			}
		}
	case *types.Struct:
		p.s("struct{")
		for i := range t.NumFields() {
			if i > 0 {
				p.s("; ")
			}
			if !t.Field(i).Embedded() {
				p.s(t.Field(i).Name(), " ")
			}
			p.t(t.Field(i).Type())
			if tag := t.Tag(i); tag != "" {
				p.s(fmt.Sprintf(" %q", tag))
			}
		}
		p.s("}")
	case *types.Signature:
		p.s("func")
		p.signature(t)
	case *types.Interface:
		p.iface(t)
	case *types.Union:
		for i := range t.Len() {
			if i > 0 {
				p.s(" | ")
			}
			if t.Term(i).Tilde() {
				p.s("~")
			}
			p.t(t.Term(i).Type())
		}
	case *types.TypeParam:
		p.s(t.Obj().Name())
	case *types.Tuple:
		p.tuple(t, false)
	default:
		p.s(t.String())
	}
}

func (p *printer) iface(t *types.Interface) {
	if t.NumExplicitMethods() == 0 && t.NumEmbeddeds() == 0 {
		p.s("any")
		return
	}
	if t.IsImplicit() && t.NumEmbeddeds() == 1 && t.NumExplicitMethods() == 0 {
		p.t(t.EmbeddedType(0))
		return
	}
	p.s("interface{")
	for i := range t.NumExplicitMethods() {
		if i > 0 {
			p.s("; ")
		}
		p.s(t.ExplicitMethod(i).Name())
		p.signature(t.ExplicitMethod(i).Type().(*types.Signature))
	}
	for i := range t.NumEmbeddeds() {
		if i+t.NumExplicitMethods() > 0 {
			p.s("; ")
		}
		p.t(t.EmbeddedType(i))
	}
	p.s("}")
}

func (p *printer) signature(t *types.Signature) {
	if t.TypeParams().Len() > 0 {
		p.s("[")
		for i := range t.TypeParams().Len() {
			if i > 0 {
				p.s(", ")
			}
			p.s(t.TypeParams().At(i).Obj().Name(), " ")
			p.t(t.TypeParams().At(i).Constraint())
		}
		p.s("]")
	}
	p.tuple(t.Params(), t.Variadic())
	switch results := t.Results(); {
	case results.Len() == 0:
	case results.Len() == 1:
		p.s(" ")
		p.t(results.At(0).Type())
	default:
		p.s(" ")
		p.tuple(results, false)
	}
}

func (p *printer) tuple(t *types.Tuple, variadic bool) {
	p.s("(")
	for i := range t.Len() {
		if i > 0 {
			p.s(", ")
		}
		ty := t.At(i).Type()
		if slice, ok := ty.(*types.Slice); ok && variadic && i == t.Len()-1 {
			p.s("...")
			p.t(slice.Elem())
		} else {
			p.t(ty)
		}
	}
	p.s(")")
}
