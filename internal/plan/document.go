package plan

import (
	"net/url"
	"slices"
	"strings"
	"time"
)

// Document is something to read for an item, or what came of it: a link with
// a title. Both sides see it; neither stands behind it (rule 7), so it changes
// no terms and no version of the item.
type Document struct {
	ID        ID        `json:"id"`
	Item      ID        `json:"item"`
	Title     Text      `json:"title,omitzero"`      // empty: the address stands for it
	Link      Text      `json:"link"`                // https only
	Delivered bool      `json:"delivered,omitempty"` // came with a report that the item is done
	By        ID        `json:"by"`
	Side      Side      `json:"side"`
	At        time.Time `json:"at"`
}

type (
	// AddDocument adds a link to an item. Contributors and above of either side,
	// as comments. The id is chosen by the caller: sent twice adds once.
	AddDocument struct {
		ID        ID
		Item      ID
		Title     string
		Link      string
		Delivered bool
	}
	// RemoveDocument takes one away: whoever added it, or an editor of their side.
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
	case d.st.document(c.Item, c.ID) != nil:
		return nil // sent twice
	case len(d.st.Documents[c.Item]) >= maxDocuments:
		return refuse("fault.document.many", "max", maxDocuments)
	}
	title, err := d.line(c.Title)
	if err != nil {
		return err
	}
	if !IsDocumentLink(strings.TrimSpace(c.Link)) {
		return invalid("fault.document.link")
	}
	link, err := d.words(c.Link, maxLink)
	if err != nil {
		return err
	}
	d.emit(&DocumentAdded{Document: c.ID, Item: c.Item, Title: title, Link: link, Delivered: c.Delivered})
	return nil
}

// line is words on one line.
func (d *decider) line(s string) (Text, error) { return d.words(s, maxLine) }

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

// MayRemoveDocument reports whether a person may take a document away: who
// added it, or an editor of that side.
func (p *Plan) MayRemoveDocument(id ID, x *Document) bool {
	q := p.who(id)
	return q != nil && q.Access != None && q.Access != Viewer && (p.same(x.By, q.ID) || q.Side == x.Side && q.mayEdit())
}

func (p *Plan) document(item, id ID) *Document {
	for _, x := range p.Documents[item] {
		if x.ID == id {
			return x
		}
	}
	return nil
}

func (p *Plan) applyDocument(ev Event, m Meta) bool {
	switch e := ev.(type) {
	case *DocumentAdded:
		if p.Documents == nil {
			p.Documents = map[ID][]*Document{}
		}
		p.Documents[e.Item] = append(slices.Clip(p.Documents[e.Item]), &Document{ID: e.Document, Item: e.Item, Title: e.Title, Link: e.Link,
			Delivered: e.Delivered, By: m.Actor, Side: m.Side, At: m.At})
	case *DocumentRemoved:
		var rest []*Document
		for _, x := range p.Documents[e.Item] {
			if x.ID != e.Document {
				rest = append(rest, x)
			}
		}
		if p.Documents[e.Item] = rest; rest == nil {
			delete(p.Documents, e.Item)
		}
	default:
		return false
	}
	return true
}
