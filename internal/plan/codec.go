package plan

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"time"
)

// Event is something that happened. Its Kind is its name in storage and never
// changes; when its fields change in a way old records do not fit, its version
// goes up and decodeEvent learns to lift the old form.
type Event interface {
	Kind() string
}

// Meta says when, by whom and where in the stream an event happened.
type Meta struct {
	Seq   int64
	At    time.Time
	Actor ID
	Side  Side
}

// version of the encoding of all kinds. Version 1 is the first.
const version = 1

var kinds = func() map[string]reflect.Type {
	m := map[string]reflect.Type{}
	for _, e := range allEvents {
		if _, dup := m[e.Kind()]; dup {
			panic("plan: two events named " + e.Kind())
		}
		m[e.Kind()] = reflect.TypeOf(e).Elem()
	}
	return m
}()

// seal turns events into records that continue a stream. Texts written by
// this decision travel beside the first event that holds them; texts carried
// over from earlier events are not sealed again, so that words erased
// meanwhile cannot come back.
func seal(stream string, head Head, events []Event, metas []Meta, fresh map[string]bool) ([]Record, Head, error) {
	records, sealed := make([]Record, len(events)), map[string]bool{}
	for i, ev := range events {
		data, err := json.Marshal(ev)
		if err != nil {
			return nil, head, fmt.Errorf("encode %s: %w", ev.Kind(), err)
		}
		m := metas[i]
		r := Record{Stream: stream, Seq: m.Seq, At: m.At.UnixMilli(), Actor: m.Actor, Side: m.Side,
			Kind: ev.Kind(), Version: version, Data: data}
		eachText(ev, func(t *Text) {
			if fresh[t.Hash] && !sealed[t.Hash] {
				sealed[t.Hash] = true
				r.Texts = append(r.Texts, Sealed{Hash: t.Hash, Salt: t.Salt, Value: t.Value, Subject: t.Subject})
			}
		})
		r.Hash = chain(head.Hash, r)
		head = Head{Seq: r.Seq, Hash: r.Hash, At: r.At}
		records[i] = r
	}
	return records, head, nil
}

func decodeEvent(kind string, v int, data []byte) (Event, error) {
	t, ok := kinds[kind]
	if !ok {
		return nil, fmt.Errorf("unknown event %q", kind)
	}
	if v != version {
		return nil, fmt.Errorf("event %q has version %d, this program knows %d", kind, v, version)
	}
	ev := reflect.New(t).Interface().(Event)
	if err := strict(data, ev); err != nil {
		return nil, fmt.Errorf("event %q: %w", kind, err)
	}
	return ev, nil
}

// strict decodes one JSON object and nothing beside it: no unknown fields, no
// second value, no null.
func strict(data []byte, v any) error {
	if !bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte("{")) {
		return errors.New("not an object")
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return err
	}
	if _, err := dec.Token(); err != io.EOF {
		return errors.New("more after the object")
	}
	return nil
}

// Words maps the hash of a text to the words, as stores return them.
type Words map[string]Sealed

// Unseal decodes a record and puts its words back. Words that were erased are
// marked as gone.
func Unseal(r Record, words Words) (Event, Meta, error) {
	ev, err := decodeEvent(r.Kind, r.Version, r.Data)
	if err != nil {
		return nil, Meta{}, err
	}
	resolve(ev, words)
	return ev, Meta{Seq: r.Seq, At: r.Time(), Actor: r.Actor, Side: r.Side}, nil
}
