package inbox_test

import (
	"strings"
	"testing"

	"tandem/internal/inbox"
)

func TestAuthorIsOneAddressOrNobody(t *testing.T) {
	t.Parallel()
	const ute = "u.brandt@nordwerk.example"
	tests := []struct{ name, head, want string }{
		{"an address", "From: " + ute, ute},
		{"with a name", "From: \"Brandt, Dr. Ute\" <" + ute + ">", ute},
		{"with an encoded name", "From: =?iso-8859-1?Q?Ute_Br=E4ndt?= <" + ute + ">", ute},
		{"an address as the name", "From: \"" + ute + "\" <x@evil.example>", "x@evil.example"},
		{"two heads", "From: " + ute + "\r\nFrom: x@evil.example", ""},
		{"two heads, the other way", "From: x@evil.example\r\nFrom: " + ute, ""},
		{"two addresses", "From: " + ute + ", x@evil.example", ""},
		{"a group", "From: team: " + ute + ", x@evil.example;", ""},
		{"none", "From:", ""},
		{"no head", "To: x", ""},
		{"nonsense", "From: <<" + ute, ""},
		{"a sender beside it", "Sender: " + ute + "\r\nFrom: x@evil.example", "x@evil.example"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m, err := inbox.Read([]byte(test.head + "\r\nMessage-ID: <1@x>\r\n\r\nerledigt\r\n"))
			if err != nil || m.From != test.want {
				t.Errorf("author: got %q, %v; want %q", m.From, err, test.want)
			}
		})
	}
}

func TestReceiversOfTheHead(t *testing.T) {
	t.Parallel()
	m, err := inbox.Read([]byte("Delivered-To: tandem+reply-a@acme.example\r\nTo: =?utf-8?Q?T=C3=A4ndem?= <tandem+reply-b@acme.example>, x@y.example\r\nCc: z@y.example\r\nFrom: a@b.example\r\n\r\nx"))
	if err != nil || strings.Join(m.To, " ") != "tandem+reply-a@acme.example tandem+reply-b@acme.example x@y.example z@y.example" {
		t.Errorf("got %q, %v", m.To, err)
	}
}

func TestCalendarParts(t *testing.T) {
	t.Parallel()
	const ics = "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n"
	head := "From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
	part := func(kind, more, body string) string {
		return "--b\r\nContent-Type: " + kind + "\r\n" + more + "\r\n" + body + "\r\n"
	}
	forwarded := "From: c@d.example\r\nMIME-Version: 1.0\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"
	tests := []struct{ name, body, want string }{
		{"a proper part", part("text/calendar; method=REPLY; charset=utf-8", "", ics), "REPLY"},
		{"the method only inside", part("text/calendar", "", ics), "REPLY"},
		{"a part and the same attached, as Google does", part("text/calendar; method=REPLY", "", ics) + part("application/ics", "Content-Disposition: attachment; filename=invite.ics\r\n", ics), "REPLY"},
		{"only attached", part("application/ics", "Content-Disposition: attachment\r\n", ics), "REPLY"},
		{"a forwarded invitation", part("text/plain", "", "z. K.") + part("message/rfc822", "", forwarded), "REQUEST"},
		{"a calendar that asks for nothing", part("text/calendar", "", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"), ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m, err := inbox.Read([]byte(head + test.body + "--b--\r\n"))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, c := range m.Calendar {
				got = append(got, c.Method)
			}
			if strings.Join(got, " ") != test.want {
				t.Errorf("methods: got %q, want %q", got, test.want)
			}
		})
	}
}
