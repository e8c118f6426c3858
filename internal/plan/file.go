package plan

import (
	"bytes"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

// File is what was uploaded for a document. The bytes lie elsewhere, under
// their digest; the digest is kept like words are, salted and erasable, so that
// nothing in the log lets anybody guess at the content of an erased file.
type File struct {
	Digest Text   `json:"digest"` // hex SHA-256 of the bytes
	Name   Text   `json:"name"`
	Type   string `json:"type"` // by its first bytes, one of those SniffType knows; never what a client said
	Size   int64  `json:"size"` // bytes
}

// FileInput is a stored file that is to become a document.
type FileInput struct {
	Digest string // hex SHA-256 of the bytes
	Name   string // as the client said; cleaned by CleanFileName
	Type   string // as SniffType said
	Size   int64  // bytes; more than none
}

// Types of files as SniffType tells them.
const (
	TypePDF   = "application/pdf"
	TypePNG   = "image/png"
	TypeJPEG  = "image/jpeg"
	TypeGIF   = "image/gif"
	TypeWebP  = "image/webp"
	TypeZip   = "application/zip" // also what office programs write
	TypeText  = "text/plain"
	TypeOther = "application/octet-stream"
)

// SniffBytes is how many of a file's first bytes SniffType wants to see.
const SniffBytes = 512

// SniffType tells the type of a file by its first bytes alone. What it does not
// know for certain is TypeOther; a page or a drawing with scripts in it (HTML,
// SVG, XML) is text to it, at most.
func SniffType(head []byte) string {
	switch begins := func(s string) bool { return bytes.HasPrefix(head, []byte(s)) }; {
	case begins("%PDF-"):
		return TypePDF
	case begins("\x89PNG\r\n\x1a\n"):
		return TypePNG
	case begins("\xff\xd8\xff"):
		return TypeJPEG
	case begins("GIF87a"), begins("GIF89a"):
		return TypeGIF
	case begins("RIFF") && len(head) >= 12 && string(head[8:12]) == "WEBP":
		return TypeWebP
	case begins("PK\x03\x04"):
		return TypeZip
	}
	if len(head) > SniffBytes {
		head = head[:SniffBytes]
	}
	for i := 1; i <= min(utf8.UTFMax, len(head)); i++ { // the last letter may be cut in two
		if last := head[len(head)-i:]; utf8.RuneStart(last[0]) {
			if !utf8.FullRune(last) {
				head = head[:len(head)-i]
			}
			break
		}
	}
	if len(head) == 0 || !utf8.Valid(head) || bytes.ContainsFunc(head, func(r rune) bool { return r < ' ' && !strings.ContainsRune("\t\n\f\r", r) }) {
		return TypeOther
	}
	return TypeText
}

// isFileType: one of those above.
func isFileType(s string) bool {
	switch s {
	case TypePDF, TypePNG, TypeJPEG, TypeGIF, TypeWebP, TypeZip, TypeText, TypeOther:
		return true
	}
	return false
}

// maxFileName is the length of a file's name in bytes: what file systems take.
const maxFileName = 200

// CleanFileName is a client's name for a file as it may be shown, stored and
// given back: the last part of a path, without control and direction
// characters (which make "exe.fdp" of "pdf.exe"), without what file systems
// refuse, on one line, no dots before it, its ending kept when it is too long.
// What is nothing after that is "file".
func CleanFileName(name string) string {
	name = strings.ToValidUTF8(name, "")
	name = path.Base("/" + strings.ReplaceAll(name, "\\", "/"))
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r), unicode.Is(unicode.Cs, r):
			return -1
		case unicode.IsSpace(r), unicode.In(r, unicode.Zl, unicode.Zp):
			return ' '
		case strings.ContainsRune(`/\:*?"<>|`, r), r == utf8.RuneError:
			return '_'
		}
		return r
	}, name)
	name = strings.Join(strings.Fields(name), " ")
	name = strings.TrimRight(strings.TrimLeft(name, ". "), ". ")
	if len(name) > maxFileName {
		end := path.Ext(name)
		if len(end) > 16 {
			end = ""
		}
		name = strings.TrimRight(cut(name, maxFileName-len(end)), ". ") + end
	}
	if strings.Trim(name, "_. ") == "" {
		return "file"
	}
	return name
}

// cut shortens a text to at most so many bytes, between letters.
func cut(s string, max int) string {
	for len(s) > max {
		_, n := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-n]
	}
	return s
}

// file makes an uploaded file part of an event.
func (in *FileInput) file(write func(string) Text) (*File, error) {
	if !isHash(in.Digest) || strings.ToLower(in.Digest) != in.Digest || !isFileType(in.Type) || in.Size <= 0 {
		return nil, invalid("fault.file")
	}
	return &File{Digest: write(in.Digest), Name: write(CleanFileName(in.Name)), Type: in.Type, Size: in.Size}, nil
}
