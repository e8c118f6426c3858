package plan

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// Record is an event as it is stored and exported: chained to the one before.
type Record struct {
	Stream  string          `json:"stream"`
	Seq     int64           `json:"seq"` // 1, 2, 3 … within the stream
	At      int64           `json:"at"`  // Unix milliseconds, server's clock, never backwards in a stream
	Actor   ID              `json:"actor,omitempty"`
	Side    Side            `json:"side,omitempty"`
	Kind    string          `json:"kind"`
	Version int             `json:"v"` // of the kind's encoding
	Data    json.RawMessage `json:"data"`
	Hash    string          `json:"hash"`            // hex SHA-256 over the previous hash and all of the above
	Texts   []Sealed        `json:"texts,omitempty"` // beside the event; erasable
}

// Time of the record.
func (r Record) Time() time.Time { return time.UnixMilli(r.At).UTC() }

// Stream names of a plan. A side's private events are a stream of their own.
func SharedStream(plan ID) string             { return string(plan) + "/shared" }
func PrivateStream(plan ID, side Side) string { return string(plan) + "/" + string(side) }

// chain computes a record's hash from the previous one. Every field is
// length-prefixed, so that no two different records hash the same bytes.
func chain(prev string, r Record) string {
	h := sha256.New()
	field := func(b []byte) {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(b)))
		h.Write(n[:])
		h.Write(b)
	}
	field([]byte("tandem/event/1"))
	field([]byte(prev))
	field([]byte(r.Stream))
	field(binary.BigEndian.AppendUint64(nil, uint64(r.Seq)))
	field(binary.BigEndian.AppendUint64(nil, uint64(r.At)))
	field([]byte(r.Actor))
	field([]byte(r.Side))
	field([]byte(r.Kind))
	field(binary.BigEndian.AppendUint64(nil, uint64(r.Version)))
	field(r.Data)
	return hex.EncodeToString(h.Sum(nil))
}

// Head is the end of a stream: what a receipt carries (rule 15).
type Head struct {
	Seq  int64  `json:"seq"`
	Hash string `json:"hash"`
	At   int64  `json:"at,omitempty"`
}

// A Break says where a chain does not fit.
type Break struct {
	Line   int    // of the log file, from 1; 0 where there is no file
	Seq    int64  // of the record, or the one expected; 0 where it is no record
	Reason string // catalogue key
}

func (b *Break) Error() string {
	if b.Line > 0 {
		return fmt.Sprintf("line %d, event %d: %s", b.Line, b.Seq, b.Reason)
	}
	return fmt.Sprintf("event %d: %s", b.Seq, b.Reason)
}

// Verifier walks a stream record by record and tells the first that does not
// fit. It proves consistency, not that the server was honest: a dropped tail
// shows only against a receipt (Expect).
type Verifier struct {
	head   Head
	stream string
	Expect *Head // a receipt somebody kept; checked when its sequence passes
}

// Next checks one record.
func (v *Verifier) Next(r Record) error {
	if v.stream == "" {
		v.stream = r.Stream
	}
	if r.Stream != v.stream {
		return &Break{Seq: r.Seq, Reason: "verify.stream"}
	}
	if r.Seq != v.head.Seq+1 {
		return &Break{Seq: v.head.Seq + 1, Reason: "verify.sequence"}
	}
	if r.At < v.head.At {
		return &Break{Seq: r.Seq, Reason: "verify.time"}
	}
	if chain(v.head.Hash, r) != r.Hash {
		return &Break{Seq: r.Seq, Reason: "verify.hash"}
	}
	if err := v.texts(r); err != nil {
		return err
	}
	v.head = Head{Seq: r.Seq, Hash: r.Hash, At: r.At}
	if v.Expect != nil && v.Expect.Seq == r.Seq && v.Expect.Hash != r.Hash {
		return &Break{Seq: r.Seq, Reason: "verify.receipt"}
	}
	return nil
}

func (v *Verifier) texts(r Record) error {
	ev, err := decodeEvent(r.Kind, r.Version, r.Data)
	if err != nil {
		return &Break{Seq: r.Seq, Reason: "verify.kind"}
	}
	named := map[string]bool{}
	eachText(ev, func(t *Text) { named[t.Hash] = true })
	for _, s := range r.Texts {
		if !named[s.Hash] || !s.Fits() {
			return &Break{Seq: r.Seq, Reason: "verify.text"}
		}
	}
	return nil
}

// End is called after the last record: it tells whether the receipt was met.
func (v *Verifier) End() (Head, error) {
	if v.Expect != nil && v.Expect.Seq > v.head.Seq {
		return v.head, &Break{Seq: v.head.Seq + 1, Reason: "verify.short"}
	}
	return v.head, nil
}
