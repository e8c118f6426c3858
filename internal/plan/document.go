package plan

import (
	"net/url"
	"slices"
	"strings"
	"time"
)

// Document is something to read for an item, or what came of it: a link or a
// file, with a title. Nobody stands behind it (rule 7), so it changes no terms
// and no version of the item. Those of the shared plan both sides see; those of
// a side's own space only that side does.
type Document struct {
	ID        ID        `json:"id"`
	Item      ID        `json:"item"`
	Title     Text      `json:"title,omitzero"`      // empty: the address or the file's name stands for it
	Link      Text      `json:"link"`                // https only; empty where it is a file
	File      *File     `json:"file,omitempty"`      // nil where it is a link
	Replaces  ID        `json:"replaces,omitempty"`  // the document this is a newer version of
	Delivered bool      `json:"delivered,omitempty"` // came with a report that the item is done
	By        ID        `json:"by"`
	Side      Side      `json:"side"`
	At        time.Time `json:"at"`
}

type (
	// AddDocument adds a link or a stored file to an item. Contributors and above
	// of either side, as comments. The id is chosen by the caller: sent twice
	// adds once. As a command on a side's own space it adds one that only that
	// side sees, also to an internal step.
	AddDocument struct {
		ID        ID
		Item      ID
		Title     string
		Link      string
		File      *FileInput // instead of a link; its bytes are durable already
		Replaces  ID         // of the same item and side: this is a newer version of it
		Delivered bool
	}
	// RemoveDocument takes one away: whoever added it, or an editor of their side.
	// An older version that it replaced stands again.
	RemoveDocument struct {
		ID   ID
		Item ID
	}
)

const (
	maxDocuments = 50 // of an item
)

// DocumentsOf lists what there is to read for an item, oldest first.
func (p *Plan) DocumentsOf(item ID) []*Document { return p.Documents[item] }

// IsDocumentLink reports whether a document may lie at an address: https, with
// a host and nothing in it that hides where it leads.
func IsDocumentLink(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Scheme == "https" && u.Hostname() != "" && u.User == nil && len(s) <= maxLink &&
		!strings.ContainsFunc(u.Host, func(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune(`"<>\^{|}%`, r) }) &&
		!strings.ContainsAny(s, " \t\n\"<>\\")
}

func (c AddDocument) decide(d *decider) error {
	if err := d.alive(); err != nil {
		return err
	}
	it := d.st.Items[c.Item]
	switch {
	case !c.ID.valid():
		return invalid("fault.id")
	case it == nil || !it.Kind.dated():
		return notYours()
	case it.Removed != 0:
		return refuse("fault.item.removed")
	}
	ev, err := c.added(d.st.Documents[c.Item], d.me.Side, d.words)
	if err == nil && ev != nil {
		d.emit(ev)
	}
	return err
}

func (c AddDocument) decidePrivate(d *privateDecider) error {
	it := d.plan.Items[c.Item]
	switch {
	case !c.ID.valid() || d.plan.document(c.Item, c.ID) != nil:
		return invalid("fault.id")
	case d.st.Actions[c.Item] == nil && (it == nil || !it.Kind.dated()):
		return notYours()
	}
	ev, err := c.added(d.st.Documents[c.Item], d.st.Side, d.words)
	if err == nil && ev != nil {
		d.emit(ev)
	}
	return err
}

// added is the event that adds the document beside those an item has; nil if it
// is there already.
func (c AddDocument) added(beside []*Document, side Side, words func(string, int) (Text, error)) (*DocumentAdded, error) {
	if find(beside, c.ID) != nil {
		return nil, nil // sent twice
	}
	if len(beside) >= maxDocuments {
		return nil, refuse("fault.document.many", "max", maxDocuments)
	}
	if c.Replaces != "" {
		x := find(beside, c.Replaces)
		if x == nil || x.Side != side {
			return nil, invalid("fault.document.version")
		}
		c.Replaces = latest(beside, x).ID // two at once: both are kept, one behind the other
	}
	ev := &DocumentAdded{Document: c.ID, Item: c.Item, Replaces: c.Replaces, Delivered: c.Delivered}
	var err error
	if ev.Title, err = words(c.Title, maxLine); err != nil {
		return nil, err
	}
	if c.File != nil {
		ev.File, err = c.File.file(func(s string) Text {
			t, _ := words(s, maxWords) // clean already, and short
			return t
		})
		return ev, err
	}
	if !IsDocumentLink(strings.TrimSpace(c.Link)) {
		return nil, invalid("fault.document.link")
	}
	ev.Link, err = words(c.Link, maxLink)
	return ev, err
}

func (c RemoveDocument) decide(d *decider) error {
	if err := d.alive(); err != nil {
		return err
	}
	x := d.st.document(c.Item, c.ID)
	switch {
	case x == nil:
		return notYours()
	case !d.st.MayRemoveDocument(d.me.ID, x):
		return forbidden("fault.right.document")
	}
	d.emit(&DocumentRemoved{Document: c.ID, Item: c.Item})
	return nil
}

func (c RemoveDocument) decidePrivate(d *privateDecider) error {
	x := find(d.st.Documents[c.Item], c.ID)
	switch {
	case x == nil:
		return notYours()
	case !d.plan.MayRemoveDocument(d.log.actor, x):
		return forbidden("fault.right.document")
	}
	d.emit(&DocumentRemoved{Document: c.ID, Item: c.Item})
	return nil
}

// MayRemoveDocument reports whether a person may take a document away: who
// added it, or an editor of that side.
func (p *Plan) MayRemoveDocument(id ID, x *Document) bool {
	q := p.who(id)
	return q != nil && q.Access != None && q.Access != Viewer && (p.same(x.By, q.ID) || q.Side == x.Side && q.mayEdit())
}

func (p *Plan) document(item, id ID) *Document { return find(p.Documents[item], id) }

// Document finds a document by its id alone; nil if there is none.
func (p *Plan) Document(id ID) *Document { return anywhere(p.Documents, id) }

// Document finds one of the side's own documents; nil if there is none.
func (pv *Private) Document(id ID) *Document { return anywhere(pv.Documents, id) }

// DocumentsOf lists the side's own documents of an item, oldest first.
func (pv *Private) DocumentsOf(item ID) []*Document { return pv.Documents[item] }

func anywhere(all map[ID][]*Document, id ID) *Document {
	for _, of := range all {
		if x := find(of, id); x != nil {
			return x
		}
	}
	return nil
}

func find(all []*Document, id ID) *Document {
	for _, x := range all {
		if x.ID == id {
			return x
		}
	}
	return nil
}

// latest is the newest version of a document.
func latest(all []*Document, x *Document) *Document {
	for range all {
		next := Replacing(all, x.ID)
		if next == nil {
			break
		}
		x = next
	}
	return x
}

// Replacing is the newer version of a document among those of its item; nil if
// there is none.
func Replacing(all []*Document, id ID) *Document {
	for _, x := range all {
		if x.Replaces == id && id != "" {
			return x
		}
	}
	return nil
}

// Blobs are the digests of the files that the shared plan refers to, with their
// sizes in bytes. What was erased or removed is not among them.
func (p *Plan) Blobs() map[string]int64 { return blobs(p.Documents) }

// Blobs are those of the side's own files.
func (pv *Private) Blobs() map[string]int64 { return blobs(pv.Documents) }

func blobs(all map[ID][]*Document) map[string]int64 {
	out := map[string]int64{}
	for _, of := range all {
		for _, x := range of {
			if x.File != nil && x.File.Digest.Value != "" {
				out[x.File.Digest.Value] = x.File.Size
			}
		}
	}
	return out
}

func (p *Plan) applyDocument(ev Event, m Meta) bool { return applyDocument(&p.Documents, ev, m) }

// applyDocument is the same in both kinds of streams.
func applyDocument(to *map[ID][]*Document, ev Event, m Meta) bool {
	switch e := ev.(type) {
	case *DocumentAdded:
		if *to == nil {
			*to = map[ID][]*Document{}
		}
		(*to)[e.Item] = append(slices.Clip((*to)[e.Item]), &Document{ID: e.Document, Item: e.Item, Title: e.Title, Link: e.Link, File: e.File,
			Replaces: e.Replaces, Delivered: e.Delivered, By: m.Actor, Side: m.Side, At: m.At})
	case *DocumentRemoved:
		var rest []*Document
		gone := find((*to)[e.Item], e.Document)
		for _, x := range (*to)[e.Item] {
			switch {
			case x.ID == e.Document:
			case x.Replaces == e.Document: // it follows what the removed one followed
				y := *x
				y.Replaces = gone.Replaces
				rest = append(rest, &y)
			default:
				rest = append(rest, x)
			}
		}
		if (*to)[e.Item] = rest; rest == nil {
			delete(*to, e.Item)
		}
	default:
		return false
	}
	return true
}
