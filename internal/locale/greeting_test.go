package locale

import "testing"

func TestGreeting(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ name, salutation, de, en string }{
		{"Dr. Ute Brandt", "frau", "Guten Tag, Frau Dr. Brandt", "Dear Dr Brandt"},
		{"Dr. Ute Brandt", "", "Guten Tag, Dr. Ute Brandt", "Hello Dr Ute Brandt"},
		{"Ute Brandt", "frau", "Guten Tag, Frau Brandt", "Dear Ms Brandt"},
		{"Hans-Peter von der Leyen", "herr", "Guten Tag, Herr von der Leyen", "Dear Mr von der Leyen"},
		{"Prof. Dr. Karl zu Guttenberg", "herr", "Guten Tag, Herr Prof. Dr. zu Guttenberg", "Dear Prof Dr zu Guttenberg"},
		{"Dipl.-Ing. Mara Klein", "frau", "Guten Tag, Frau Klein", "Dear Ms Klein"},
		{"Brandt, Ute", "frau", "Guten Tag, Frau Brandt", "Dear Ms Brandt"},
		{"Herr Jens Vogt", "herr", "Guten Tag, Herr Vogt", "Dear Mr Vogt"},
		{"Sarah", "", "Guten Tag, Sarah", "Hello Sarah"},
		{"Sarah", "frau", "Guten Tag, Frau Sarah", "Dear Ms Sarah"},
		{"Al Pacino", "herr", "Guten Tag, Herr Pacino", "Dear Mr Pacino"},
		{"Dr.", "herr", "Guten Tag, Herr Dr.", "Dear Mr Dr."},
		{"  ", "frau", "Guten Tag", "Hello"},
	} {
		if got := For("de").Greeting(row.name, row.salutation); got != row.de {
			t.Errorf("%q, %q: %q, want %q", row.name, row.salutation, got, row.de)
		}
		if got := For("en").Greeting(row.name, row.salutation); got != row.en {
			t.Errorf("%q, %q: %q, want %q", row.name, row.salutation, got, row.en)
		}
	}
}
