package plan

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
)

// LogFormat is the first field of a log's header. A log is JSON Lines: a
// header, then one record a line in order; another header begins the next
// stream. Words that were erased are not in it; everything else is.
const LogFormat = "tandem.log/1"

// LogHeader begins a stream in a log.
type LogHeader struct {
	Format string `json:"format"`
	Plan   ID     `json:"plan"`
	Stream string `json:"stream"`
}

// maxLogLine bounds the memory a hostile log takes, in bytes. The largest
// proposal a plan accepts stays far below.
const maxLogLine = 32 << 20

// WriteLog writes one stream with its header. It may be called again for the
// next stream of the same file. It stops at the first error of the records.
func WriteLog(w io.Writer, header LogHeader, records iter.Seq2[Record, error]) error {
	header.Format = LogFormat
	out := bufio.NewWriter(w)
	enc := json.NewEncoder(out)
	if err := enc.Encode(header); err != nil {
		return fmt.Errorf("write log: %w", err)
	}
	for r, err := range records {
		if err != nil {
			return fmt.Errorf("write log of %s: %w", header.Stream, err)
		}
		if err := enc.Encode(r); err != nil {
			return fmt.Errorf("write log of %s: event %d: %w", header.Stream, r.Seq, err)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write log: %w", err)
	}
	return nil
}

// LogReport is what a log that fits holds.
type LogReport struct {
	Streams []StreamReport
}

// StreamReport is one stream of a log.
type StreamReport struct {
	LogHeader
	Events   int64
	Erasures int  // events that record an erasure of words
	Head     Head // its end: what a receipt of this moment would say
}

// Events counts the events of all streams.
func (r LogReport) Events() int64 {
	var n int64
	for _, s := range r.Streams {
		n += s.Events
	}
	return n
}

// VerifyLog reads a log line by line and tells the first event that does not
// fit, as a *Break with its line. Expect is a receipt somebody kept, or nil: one
// of the streams must pass through it, else the past was rewritten or its end
// is missing. Other errors come from the reader.
func VerifyLog(r io.Reader, expect *Head) (LogReport, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLogLine)
	v := logVerifier{expect: expect}
	for lines.Scan() {
		v.line++
		if err := v.read(lines.Bytes()); err != nil {
			return v.report, v.place(err)
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return v.report, &Break{Line: v.line + 1, Reason: "verify.line"}
	}
	if lines.Err() != nil {
		return v.report, fmt.Errorf("read log: %w", lines.Err())
	}
	if len(v.report.Streams) == 0 {
		return v.report, &Break{Line: 1, Reason: "verify.empty"}
	}
	return v.report, v.receipt()
}

type logVerifier struct {
	report LogReport
	chain  Verifier
	line   int
	expect *Head
	met    bool
	differ *Break // where a stream is at the receipt's number but not at its hash
}

func (v *logVerifier) read(line []byte) error {
	if len(bytes.TrimSpace(line)) == 0 {
		return &Break{Reason: "verify.blank"}
	}
	var h LogHeader
	if bytes.HasPrefix(line, []byte(`{"format"`)) {
		if err := strict(line, &h); err != nil {
			return &Break{Reason: "verify.header"}
		}
		return v.begin(h)
	}
	if len(v.report.Streams) == 0 {
		return &Break{Reason: "verify.header"}
	}
	var r Record
	if err := strict(line, &r); err != nil {
		return &Break{Seq: v.chain.head.Seq + 1, Reason: "verify.record"}
	}
	if err := v.chain.Next(r); err != nil {
		return err
	}
	s := &v.report.Streams[len(v.report.Streams)-1]
	s.Events, s.Head = s.Events+1, v.chain.head
	if r.Kind == (*ErasureDone)(nil).Kind() {
		s.Erasures++
	}
	v.compare(r)
	return nil
}

func (v *logVerifier) begin(h LogHeader) error {
	switch {
	case h.Format != LogFormat:
		return &Break{Reason: "verify.format"}
	case !h.Plan.valid() || !strings.HasPrefix(h.Stream, string(h.Plan)+"/"):
		return &Break{Reason: "verify.header"}
	}
	for _, s := range v.report.Streams {
		if s.Stream == h.Stream {
			return &Break{Reason: "verify.twice"}
		}
	}
	v.chain = Verifier{stream: h.Stream}
	v.report.Streams = append(v.report.Streams, StreamReport{LogHeader: h})
	return nil
}

func (v *logVerifier) compare(r Record) {
	switch {
	case v.expect == nil || v.expect.Seq != r.Seq:
	case v.expect.Hash == r.Hash:
		v.met = true
	case v.differ == nil:
		v.differ = &Break{Line: v.line, Seq: r.Seq, Reason: "verify.receipt"}
	}
}

func (v *logVerifier) receipt() error {
	switch {
	case v.expect == nil || v.met:
		return nil
	case v.differ != nil:
		return v.differ
	}
	return &Break{Line: v.line + 1, Seq: v.expect.Seq, Reason: "verify.short"}
}

func (v *logVerifier) place(err error) error {
	var b *Break
	if errors.As(err, &b) {
		b.Line = v.line
	}
	return err
}

// String is the receipt as people keep it: SEQ:HASH.
func (h Head) String() string { return strconv.FormatInt(h.Seq, 10) + ":" + h.Hash }

// ParseHead reads a receipt, SEQ:HASH.
func ParseHead(s string) (Head, error) {
	number, hash, _ := strings.Cut(strings.TrimSpace(s), ":")
	seq, err := strconv.ParseInt(number, 10, 64)
	if err != nil || seq < 1 || !isHash(hash) {
		return Head{}, invalid("verify.expect", "text", s)
	}
	return Head{Seq: seq, Hash: strings.ToLower(hash)}, nil
}
