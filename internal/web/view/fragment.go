package view

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"slices"
	"sync"

	"github.com/a-h/templ"
	templruntime "github.com/a-h/templ/runtime"
)

// Fragment is a part of a page that can change by itself. A leaf's component
// renders one element with the fragment's id. A box's renders one element with
// the id around its children, which are its kids, and nothing else.
type Fragment struct {
	ID   string
	Self templ.Component
	Box  bool
	Kids []Fragment
	// KidsIn is the id of the element around the kids where that is not the
	// box's own (a table's body); what else is in the box then never changes.
	KidsIn string
}

// Shot is a rendered list of fragments. It is the page's main part (a
// templ.Component), and two shots of the same page can be compared. It is
// immutable and may be kept and shared by all readers who see the same.
type Shot struct {
	html  []byte
	nodes []node // in document order; parents before their kids
	index func() map[string]int
}

// node is where a fragment lies in the HTML.
type node struct {
	id         string
	start, end int
	inner      int // box: where its kids begin
	outer      int // box: where its kids end
	box        bool
	kidsIn     string
	kids       []int
}

// hole is what a box renders in place of its kids.
const hole = "\x00"

var holeComponent = templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
	_, err := io.WriteString(w, hole)
	return err
})

// scratch are buffers to render into: a page's HTML is copied out once, at its
// exact size, instead of growing into it each time.
var scratch = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Take renders fragments.
func Take(ctx context.Context, fragments []Fragment) (*Shot, error) {
	out, _ := scratch.Get().(*bytes.Buffer)
	out.Reset()
	defer scratch.Put(out)
	buf, _ := templruntime.GetBuffer(out)
	s := &Shot{nodes: make([]node, 0, count(fragments))}
	_, err := s.render(templ.InitializeContext(ctx), out, buf, fragments)
	if closing := templruntime.ReleaseBuffer(buf); err == nil {
		err = closing
	}
	if err != nil {
		return nil, err
	}
	s.html = bytes.Clone(out.Bytes())
	s.index = sync.OnceValue(func() map[string]int {
		m := make(map[string]int, len(s.nodes))
		for i := range s.nodes {
			m[s.nodes[i].id] = i
		}
		return m
	})
	return s, nil
}

// count is the number of fragments in the tree.
func count(fragments []Fragment) int {
	n := len(fragments)
	for i := range fragments {
		n += count(fragments[i].Kids)
	}
	return n
}

func (s *Shot) render(ctx context.Context, out *bytes.Buffer, buf *templruntime.Buffer, fragments []Fragment) ([]int, error) {
	kids := make([]int, 0, len(fragments))
	for _, f := range fragments {
		at := len(s.nodes)
		kids = append(kids, at)
		s.nodes = append(s.nodes, node{id: f.ID, start: out.Len(), box: f.Box, kidsIn: cmp.Or(f.KidsIn, f.ID)})
		if !f.Box {
			if err := f.Self.Render(ctx, buf); err != nil {
				return nil, err
			}
			if err := buf.Flush(); err != nil {
				return nil, err
			}
			s.nodes[at].end = out.Len()
			continue
		}
		var shell bytes.Buffer
		if err := f.Self.Render(templ.WithChildren(ctx, holeComponent), &shell); err != nil {
			return nil, err
		}
		before, after, _ := bytes.Cut(shell.Bytes(), []byte(hole))
		out.Write(before)
		s.nodes[at].inner = out.Len()
		inside, err := s.render(templ.ClearChildren(ctx), out, buf, f.Kids)
		if err != nil {
			return nil, err
		}
		s.nodes[at].kids, s.nodes[at].outer = inside, out.Len()
		out.Write(after)
		s.nodes[at].end = out.Len()
	}
	return kids, nil
}

// Render writes the whole: a Shot is the middle of its page.
func (s *Shot) Render(_ context.Context, w io.Writer) error {
	_, err := w.Write(s.html)
	return err
}

// Diff is what a page that shows old needs to show s, as the HTML of a live
// message; nil if nothing. It may be applied to any page: applied twice, or to
// a page that is ahead, it gives the same; a page that lacks a part it relies
// on fetches itself anew. Both shots must be of the same page, reader, tab and
// filter.
//
// The HTML is a row of templates:
//
//	<template data-part>…</template>               a changed or new fragment, whole
//	<template data-shell>…</template>              a box, empty: its own attributes changed
//	<template data-order="BOX">ID ID …</template>  the kids of a box, when they came, went or moved
func (s *Shot) Diff(old *Shot) []byte {
	if bytes.Equal(s.html, old.html) {
		return nil
	}
	index := old.index()
	var out bytes.Buffer
	for i := 0; i < len(s.nodes); i++ {
		n := &s.nodes[i]
		j, known := index[n.id]
		if !known {
			writePart(&out, "part", s.html[n.start:n.end])
			i = s.last(i)
			continue
		}
		o := &old.nodes[j]
		switch {
		case !n.box:
			if !bytes.Equal(s.html[n.start:n.end], old.html[o.start:o.end]) {
				writePart(&out, "part", s.html[n.start:n.end])
			}
		default:
			s.diffBox(&out, n, old, o)
		}
	}
	return out.Bytes()
}

// diffBox writes a box's changed shell and the order of its kids.
func (s *Shot) diffBox(out *bytes.Buffer, n *node, old *Shot, o *node) {
	head := s.html[n.start:n.inner]
	if !bytes.Equal(head, old.html[o.start:o.inner]) {
		writePart(out, "shell", head, s.html[n.outer:n.end])
	}
	same := slices.EqualFunc(n.kids, o.kids, func(a, b int) bool { return s.nodes[a].id == old.nodes[b].id })
	if same {
		return
	}
	out.WriteString(`<template data-order="` + n.kidsIn + `">`)
	for _, k := range n.kids {
		out.WriteString(s.nodes[k].id + " ")
	}
	out.WriteString(`</template>`)
}

// Part is one element as a message carries it: the element of the same id on
// the page becomes it.
func Part(element []byte) []byte {
	var out bytes.Buffer
	writePart(&out, "part", element)
	return out.Bytes()
}

func writePart(out *bytes.Buffer, kind string, html ...[]byte) {
	out.WriteString("<template data-" + kind + ">")
	for _, h := range html {
		out.Write(h)
	}
	out.WriteString("</template>")
}

// last is the index of the last node inside node i.
func (s *Shot) last(i int) int {
	for len(s.nodes[i].kids) > 0 {
		i = s.nodes[i].kids[len(s.nodes[i].kids)-1]
	}
	return i
}

// IDs are the ids of all fragments, in document order.
func (s *Shot) IDs() []string {
	ids := make([]string, len(s.nodes))
	for i, n := range s.nodes {
		ids[i] = n.id
	}
	return ids
}

// Size is the length of the HTML in bytes.
func (s *Shot) Size() int { return len(s.html) }

// Message is a live message in the form of server-sent events: an unnamed one
// with the id seq. Said is read out and names who did it, By stands at the
// changed items (Changed: element ids, e.g. "i-a5") for a while; all three may
// be empty. With no HTML, Reload asks the page to fetch itself.
type Message struct {
	Seq     string
	HTML    []byte
	Said    string
	By      string
	Changed []string
	Reload  bool
}

// Bytes is the message on the wire.
func (m Message) Bytes() []byte {
	var body bytes.Buffer
	body.Write(m.HTML)
	if m.Reload {
		body.WriteString(`<template data-reload></template>`)
	}
	if m.Said != "" {
		body.WriteString(`<template data-said>` + templ.EscapeString(m.Said) + `</template>`)
	}
	if m.By != "" && len(m.Changed) > 0 {
		body.WriteString(`<template data-by="` + templ.EscapeString(m.By) + `">`)
		for _, id := range m.Changed {
			body.WriteString(templ.EscapeString(id) + " ")
		}
		body.WriteString(`</template>`)
	}
	var out bytes.Buffer
	out.Grow(body.Len() + 64)
	out.WriteString("id: " + m.Seq + "\n")
	// A carriage return ends a line of an event stream like a line feed does.
	text := bytes.ReplaceAll(body.Bytes(), []byte("\r\n"), []byte("\n"))
	text = bytes.ReplaceAll(text, []byte("\r"), []byte("\n"))
	for line := range bytes.SplitSeq(text, []byte("\n")) {
		out.WriteString("data: ")
		out.Write(line)
		out.WriteByte('\n')
	}
	out.WriteByte('\n')
	return out.Bytes()
}
