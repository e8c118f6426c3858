package plan

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"strconv"

	"tandem/internal/civil"
)

// Digest is the hex SHA-256 of exact terms.
type Digest string

// LinkType says which ends a link ties: finish or start of the one it comes
// from to start or finish of the one it goes to.
type LinkType string

const (
	FinishToStart  LinkType = "FS"
	StartToStart   LinkType = "SS"
	FinishToFinish LinkType = "FF"
	StartToFinish  LinkType = "SF"
)

// Terms are what sides agree on. Which fields an item uses depends on its
// kind: an action Title, DoneWhen, Party, Owners, Due and DateOpen; a
// milestone and the decision Title, Due and DateOpen; a goal Title and Party;
// a criterion Title and Due; a link From, To, Type, Lag and LagCalendar.
type Terms struct {
	Title       Text      `json:"title,omitzero"`
	DoneWhen    Text      `json:"doneWhen,omitzero"`
	Party       Party     `json:"party,omitempty"`
	Owners      Sides[ID] `json:"owners,omitzero"`
	Due         civil.Day `json:"due,omitzero"`
	DateOpen    bool      `json:"dateOpen,omitempty"` // explicitly to be decided
	From        ID        `json:"from,omitempty"`
	To          ID        `json:"to,omitempty"`
	Type        LinkType  `json:"type,omitempty"`
	Lag         int       `json:"lag,omitempty"`         // working days of LagCalendar; negative is a lead
	LagCalendar string    `json:"lagCalendar,omitempty"` // plan, predecessor, successor, elapsed
}

// digest is over salted hashes of texts, not over words, so that erasing or
// redacting a text changes no stance.
func (t Terms) digest(k Kind) Digest {
	return digestOf("tandem/terms/1", string(k), t.Title.Hash, t.DoneWhen.Hash, string(t.Party), string(t.Owners.Buyer), string(t.Owners.Seller),
		t.Due.String(), strconv.FormatBool(t.DateOpen), string(t.From), string(t.To), string(t.Type), strconv.Itoa(t.Lag), t.LagCalendar)
}

// ownerDigest is what an owner says yes to: the work and its date, on one
// side. Naming another owner on the other side does not ask this one again.
func (t Terms) ownerDigest(s Side) Digest {
	return digestOf("tandem/owner/1", t.Title.Hash, t.DoneWhen.Hash, string(t.Party), string(t.Owners.Of(s)), t.Due.String(), strconv.FormatBool(t.DateOpen))
}

// sameForOwner reports whether what the owner of a side says yes to is equal.
func (t Terms) sameForOwner(u Terms, s Side) bool {
	return t.Title.Hash == u.Title.Hash && t.DoneWhen.Hash == u.DoneWhen.Hash && t.Party == u.Party &&
		t.Owners.Of(s) == u.Owners.Of(s) && t.Due == u.Due && t.DateOpen == u.DateOpen
}

// digestOf hashes strings, each after its length, so that no two lists of
// strings hash the same bytes.
func digestOf(mark string, parts ...string) Digest {
	b := make([]byte, 0, 512)
	for _, s := range append([]string{mark}, parts...) {
		b = binary.BigEndian.AppendUint32(b, uint32(len(s)))
		b = append(b, s...)
	}
	h := sha256.Sum256(b)
	return Digest(hex.EncodeToString(h[:]))
}

func sum(mark string, parts ...any) Digest {
	h := sha256.New()
	h.Write([]byte(mark))
	for _, p := range parts {
		b, err := json.Marshal(p)
		if err != nil {
			panic("plan: digest: " + err.Error()) // plain structs always encode
		}
		h.Write([]byte{'\n'})
		h.Write(b)
	}
	return Digest(hex.EncodeToString(h.Sum(nil)))
}

// Field names one field of terms: in proposals, histories and conflicts.
type Field string

const (
	FieldTitle       Field = "title"
	FieldDoneWhen    Field = "doneWhen"
	FieldParty       Field = "party"
	FieldBuyerOwner  Field = "buyerOwner"
	FieldSellerOwner Field = "sellerOwner"
	FieldDue         Field = "due"
	FieldLink        Field = "link"
)

// Differ lists the fields in which two terms differ. A date and its being
// open are one field.
func (t Terms) Differ(u Terms) []Field {
	var fs []Field
	add := func(differs bool, f Field) {
		if differs {
			fs = append(fs, f)
		}
	}
	add(t.Title.Hash != u.Title.Hash, FieldTitle)
	add(t.DoneWhen.Hash != u.DoneWhen.Hash, FieldDoneWhen)
	add(t.Party != u.Party, FieldParty)
	add(t.Owners.Buyer != u.Owners.Buyer, FieldBuyerOwner)
	add(t.Owners.Seller != u.Owners.Seller, FieldSellerOwner)
	add(t.Due != u.Due || t.DateOpen != u.DateOpen, FieldDue)
	add(t.From != u.From || t.To != u.To || t.Type != u.Type || t.Lag != u.Lag || t.LagCalendar != u.LagCalendar, FieldLink)
	return fs
}

// Patch changes some fields of terms; nil leaves a field as it is. Naming a
// Due day closes an open date; DateOpen true takes the day away.
type Patch struct {
	Title       *string    `json:"title,omitempty"`
	DoneWhen    *string    `json:"doneWhen,omitempty"`
	Party       *Party     `json:"party,omitempty"`
	BuyerOwner  *ID        `json:"buyerOwner,omitempty"`
	SellerOwner *ID        `json:"sellerOwner,omitempty"`
	Due         *civil.Day `json:"due,omitempty"`
	DateOpen    *bool      `json:"dateOpen,omitempty"`
	From        *ID        `json:"from,omitempty"`
	To          *ID        `json:"to,omitempty"`
	Type        *LinkType  `json:"type,omitempty"`
	Lag         *int       `json:"lag,omitempty"`
	LagCalendar *string    `json:"lagCalendar,omitempty"`
}

func set[T any](field *T, v *T) {
	if v != nil {
		*field = *v
	}
}

// onto applies the patch. A text that does not change keeps its seal, so that
// the digest of unchanged terms does not change either.
func (c Patch) onto(t Terms, seal func(string) Text) (Terms, error) {
	for _, f := range []struct {
		text *Text
		to   *string
		max  int
	}{{&t.Title, c.Title, maxLine}, {&t.DoneWhen, c.DoneWhen, maxWords}} {
		if f.to == nil {
			continue
		}
		s, err := clean(*f.to, f.max)
		if err != nil {
			return t, err
		}
		if s != f.text.Value || f.text.Gone {
			*f.text = seal(s)
		}
	}
	set(&t.Party, c.Party)
	set(&t.Owners.Buyer, c.BuyerOwner)
	set(&t.Owners.Seller, c.SellerOwner)
	if c.Due != nil {
		t.Due = *c.Due
		if !t.Due.IsZero() {
			t.DateOpen = false
		}
	}
	if c.DateOpen != nil {
		t.DateOpen = *c.DateOpen
		if t.DateOpen {
			t.Due = 0
		}
	}
	set(&t.From, c.From)
	set(&t.To, c.To)
	set(&t.Type, c.Type)
	set(&t.Lag, c.Lag)
	set(&t.LagCalendar, c.LagCalendar)
	return t, nil
}
