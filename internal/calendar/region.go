package calendar

import (
	"slices"
	"sort"
	"strings"

	"tandem/internal/fault"
)

// Region is a place whose public holidays are known: a country or an ISO
// 3166-2 subdivision. Where a municipality decides about a day, the code is
// followed by "+" and a setting, for example "DE-BY+assumption" for the
// Bavarian municipalities that keep 15 August.
type Region struct {
	Code string
	de   string
	en   string
}

// Name of the region in "de" or "en"; any other language reads English.
func (r Region) Name(lang string) string {
	if lang == "de" {
		return r.de
	}
	return r.en
}

// region is a row of the table: its own rules come on top of its base's.
type region struct {
	Region
	base  string
	rules []rule
}

// byCode is the table by code, made once.
var byCode = func() map[string]region {
	m := map[string]region{}
	for _, r := range slices.Concat(german, austrian, swiss, british, american, european) {
		m[r.Code] = r
	}
	return m
}()

// Regions are all regions known, by code.
func Regions() []Region {
	out := make([]Region, 0, len(byCode))
	for _, r := range byCode {
		out = append(out, r.Region)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Code < out[j].Code })
	return out
}

// CheckRegion is nil for a region that is known, else the fault
// calendar.region.near with suggestions or calendar.region.unknown. No region
// at all is known: it has no holidays.
func CheckRegion(code string) error {
	if code == "" {
		return nil
	}
	_, err := rulesOf(code)
	return err
}

func rulesOf(code string) ([]rule, error) {
	r, ok := byCode[code]
	if !ok {
		if near := suggest(code); len(near) > 0 {
			return nil, fault.New(fault.Invalid, "calendar.region.near", "region", clip(code), "suggestions", near)
		}
		return nil, fault.New(fault.Invalid, "calendar.region.unknown", "region", clip(code))
	}
	if r.base == "" {
		return r.rules, nil
	}
	base, err := rulesOf(r.base)
	return append(slices.Clip(base), r.rules...), err
}

// suggest names up to three regions that may have been meant: the same code
// written otherwise, a place of that name, the country of an unknown part, or
// a code one letter away.
func suggest(code string) []string {
	if len(code) > 60 {
		return nil
	}
	want := strings.ToUpper(strings.TrimSpace(strings.ReplaceAll(code, "_", "-")))
	country, _, _ := strings.Cut(want, "-")
	var same, named, near, parent []string
	for _, r := range Regions() {
		have := strings.ToUpper(r.Code)
		switch {
		case have == want || strings.ReplaceAll(have, "-", "") == strings.ReplaceAll(want, " ", ""):
			same = append(same, r.Code)
		case len(want) > 2 && (strings.HasPrefix(strings.ToUpper(r.de), want) || strings.HasPrefix(strings.ToUpper(r.en), want)):
			named = append(named, r.Code)
		case have == country:
			parent = append(parent, r.Code)
		case len(have) == len(want) && differences(have, want) == 1:
			near = append(near, r.Code)
		}
	}
	all := slices.Concat(same, named, parent, near)
	return all[:min(3, len(all))]
}

func differences(a, b string) int {
	n := 0
	for i := range len(a) {
		if a[i] != b[i] {
			n++
		}
	}
	return n
}

// clip keeps a stranger's text short enough for a sentence.
func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
