// Every construct of the language, for the two parsers to agree on.
package constructs

import "fmt"

const (
	a, b = iota, "x" + `y` // a comment
	c, d
	e float64 = 0x1p-2
	f         = 'r' + 3i
)

var (
	g, h int = 1, 2
	i        = map[string][]*fmt.Stringer{"k": nil, "l": {}}
	j        [3]int
	k        = [...]string{1: "x", 2: "y"}
	l        chan<- int
	m        <-chan int
	n        chan (<-chan int)
	o        func(int, ...string) (x, y int)
	p        = struct{ A, B int }{A: 1, B: 2}
	q        interface {
		fmt.Stringer
		M(x int) error
		~int | ~string
	}
)

type Alias = fmt.Stringer

type (
	Pair[K comparable, V any]  struct{ Key K; Value V }
	List[T interface{ ~int }] []T
	Tree[T any]               struct {
		left, right *Tree[T] `json:"x"`
		Pair[string, T]
		*fmt.Formatter
		fmt.State "tag"
		array [4]T
		fn    func()
	}
	Length [a + 1]int
	Named  [a]int
)

func Map[S ~[]E, E, F any](s S, fn func(E) F) []F {
	out := make([]F, 0, len(s))
	for _, e := range s {
		out = append(out, fn(e))
	}
	return out
}

func (t *Tree[T]) Method(names ...string) (ok bool, _ error) { return }

func (Tree[_]) unnamed(int, *fmt.State, [2]int, []int, map[string]int, Pair[int, string], ...any) {}

func external(a, b int, c [2]string) (n int)

func expressions(x, y int, z []int, any interface{}) {
	x = -x + +y*^x - (x|y)&x&^y<<2>>1%3/2
	_ = x == y || x != y && !(x < y) || x <= y || x > y || x >= y
	_ = *&x
	_, _ = <-m, any.(int)
	v, ok := any.(fmt.Stringer)
	_, _ = v, ok
	_, _, _, _ = z[1], z[1:], z[:2], z[1:2:3]
	_ = z[:]
	_ = Map[[]int, int, string](z, func(int) string { return "" })
	_ = Pair[string, int]{"a", 1}
	_ = []Pair[string, int]{{Key: "a"}, {"b", 2}}
	_ = map[Pair[string, int]][]int{{"a", 1}: {1, 2}}
	_ = &struct{}{}
	_ = []byte("x")
	_ = (*int)(nil)
	_ = func() {}
	_ = (func())(nil)
	_ = fmt.Sprint(z...)
	_ = fmt.Sprintf(
		"%d",
		1,
	)
	_ = interface{}(x).(int)
	_ = (<-chan int)(nil)
	_ = new(int)
	_ = (*Tree[int]).Method
}

func statements(x int, ch chan int) (err error) {
	var s, t int = 1, 2
	const u = 3
	type local struct{ x int }
	x++
	x--
	x += 1
	x -= 1
	x *= 1
	x /= 1
	x %= 1
	x &= 1
	x |= 1
	x ^= 1
	x <<= 1
	x >>= 1
	x &^= 1
	s, t = t, s
	ch <- x
	<-ch
	go f()
	defer func() { recover() }()
	if x := f(); x > 1 {
	} else if (T{}) == y {
	} else {
		return nil
	}
	for {
		break
	}
	for x < 3 {
		continue
	}
	for i := 0; i < 3; i++ {
	}
	for ; ; {
	}
	for ; x < 1; {
	}
	for range ch {
	}
	for range 10 {
	}
	for i := range []int{1, 2} {
		_ = i
	}
	for a.b, c[d] = range m {
	}
outer:
	for {
		goto outer
	}
	switch {
	}
	switch x {
	case 1, 2:
		fallthrough
	case 3:
		x++; x--
	default:
	}
	switch x := f(); x {
	}
	switch x := f(); {
	case x > 1:
	}
	switch any.(type) {
	case nil:
	case int, *T, []string, map[string]int, func(), chan int, struct{}, interface{}, p.T:
	}
	switch x := f(func() { }); y := any(x).(type) {
	case error:
		_ = y
	default:
		_ = x
	}
	select {
	case <-ch:
	case v := <-ch:
		_ = v
	case v, ok = <-ch:
	case ch <- 1:
	default:
		return
	}
	{
		var _ = s
	}
	;
	return /* why */ err // done
}
