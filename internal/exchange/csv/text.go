package csv

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"tandem/internal/fault"
)

// decodeText finds out the encoding. A byte order mark decides; without one,
// every other byte being zero means UTF-16, valid UTF-8 is taken as such, and
// the rest is Windows-1252, in which German Excel writes its CSV.
func decodeText(data []byte) (string, error) {
	order, mark := unicode.LittleEndian, false
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		data = data[3:]
		if !utf8.Valid(data) {
			return "", fault.New(fault.Invalid, "import.csv.encoding")
		}
		return string(data), nil
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		mark = true
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		order, mark = unicode.BigEndian, true
	default:
		even, odd := zeros(data)
		switch half := min(len(data), 4096) / 2; {
		case half > 3 && odd*10 > half*7 && even*10 < half:
			mark = true
		case half > 3 && even*10 > half*7 && odd*10 < half:
			order, mark = unicode.BigEndian, true
		}
	}
	if mark {
		return decodeUTF16(data, order)
	}
	if utf8.Valid(data) {
		return string(data), nil
	}
	out, err := charmap.Windows1252.NewDecoder().Bytes(data)
	if err != nil {
		return "", fault.New(fault.Invalid, "import.csv.encoding").Wrap(err)
	}
	return string(out), nil
}

func decodeUTF16(data []byte, order unicode.Endianness) (string, error) {
	if len(data)%2 != 0 {
		return "", fault.New(fault.Invalid, "import.csv.cutOff")
	}
	out, err := unicode.UTF16(order, unicode.UseBOM).NewDecoder().Bytes(data)
	if err != nil {
		return "", fault.New(fault.Invalid, "import.csv.encoding").Wrap(err)
	}
	return string(out), nil
}

// zeros counts the zero bytes at even and odd places of the beginning.
func zeros(data []byte) (even, odd int) {
	for i, b := range data[:min(len(data), 4096)] {
		if b != 0 {
			continue
		}
		if i%2 == 0 {
			even++
		} else {
			odd++
		}
	}
	return even, odd
}
