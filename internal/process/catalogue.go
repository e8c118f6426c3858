package process

import (
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
)

//go:embed data/*.json
var data embed.FS

// builtin are the processes and risks that come with the program, read once.
// A file of them that does not read is a mistake of the program's, which its
// tests find.
var builtin = sync.OnceValue(func() *shelf {
	b, err := read()
	if err != nil {
		panic(err)
	}
	return b
})

// shelf is what comes with the program.
type shelf struct {
	processes []*Process
	risks     []Risk
}

func read() (*shelf, error) {
	b := &shelf{}
	if err := decode("risks", &b.risks); err != nil {
		return nil, err
	}
	for _, id := range order {
		p := &Process{}
		if err := decode(id, p); err != nil {
			return nil, err
		}
		for i := range p.Risks { // a process names a risk of the catalogue, and what it threatens
			r := &p.Risks[i]
			k := slices.IndexFunc(b.risks, func(c Risk) bool { return c.ID == r.ID })
			if k < 0 {
				return nil, fmt.Errorf("process %s: no risk %q", id, r.ID)
			}
			steps := r.Steps
			*r = b.risks[k]
			r.Steps = steps
		}
		if err := p.Check(); err != nil {
			return nil, fmt.Errorf("process %s: %w", id, err)
		}
		b.processes = append(b.processes, p)
	}
	return b, nil
}

func decode(name string, into any) error {
	f, err := data.Open("data/" + name + ".json")
	if err != nil {
		return err
	}
	defer f.Close()
	d := json.NewDecoder(f)
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("data/%s.json: %w", name, err)
	}
	return nil
}

// order of the catalogue: the commonest first.
var order = []string{"small", "mid-market", "enterprise", "dach-enterprise", "proof-of-concept", "expansion", "renewal",
	"security-review", "works-council", "supplier-onboarding", "public-before", "public-after"}

// Catalogue are the built-in processes, the commonest first. Callers get
// copies.
func Catalogue() []*Process {
	all := builtin().processes
	out := make([]*Process, len(all))
	for i, p := range all {
		out[i] = p.clone()
	}
	return out
}

// Builtin is the built-in process of an id; nil if there is none.
func Builtin(id string) *Process {
	all := builtin().processes
	i := slices.IndexFunc(all, func(p *Process) bool { return p.ID == id })
	if i < 0 {
		return nil
	}
	return all[i].clone()
}

// Risks is the catalogue of common risks. Callers get a copy.
func Risks() []Risk { return cloneRisks(builtin().risks) }

// RiskOf finds a risk of the catalogue; false if there is none.
func RiskOf(id string) (Risk, bool) {
	for _, r := range Risks() {
		if r.ID == id {
			return r, true
		}
	}
	return Risk{}, false
}
