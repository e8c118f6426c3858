package cli

import (
	"strconv"
	"strings"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/deal"
	"tandem/internal/plan"
	"tandem/internal/readiness"
	"tandem/internal/sheet"
)

// dealScript are the demo's deals in one language: header, then id, customer,
// name, amount, stage and days until the close date, first as they were five
// weeks ago and then as they are now; an empty cell: not in that list.
type dealScript struct {
	header, currency string
	rows             []string
}

var dealScripts = map[string]dealScript{
	"de": {"Opportunity-ID|Accountname|Name der Opportunity|Betrag|Phase|Schlusstermin|Segment|Inhaber", "EUR", []string{
		"2041|Nordwerk AG|Disposition auf Acme Cloud|184.000,00|Angebot>Verhandlung|-2>12|Enterprise|John Martinez",
		"2044|Hansa Logistik|Tourenplanung, zwei Standorte|96.500,00|Validierung|35>49|Mittelstand|John Martinez",
		"2047|Südstahl|Instandhaltung im Warmwalzwerk|212.000,00|Bedarf>Angebot|60|Enterprise|John Martinez",
		"2029|Rheinwerk|Ablösung der Leitstandsoftware|148.000,00|Verhandlung>Gewonnen|-12|Enterprise|John Martinez",
		"2052|Marbach Pumpen|Störungsmeldung für den Service|38.400,00|Angebot|18>25>39|Mittelstand|John Martinez",
		"2055|Stadtwerke Aurich|Schichtplanung Netzbetrieb|74.900,00|Bedarf|>82|Öffentlich|Priya Natarajan",
		"2058|Kranbau Nord|Erprobung in einem Werk|22.000,00|Validierung|>30|Mittelstand|John Martinez",
		"2059|Feinmechanik Obermaier|Auswertung der Maschinendaten|57.250,00|Bedarf|>64|Mittelstand|Priya Natarajan",
		"2061|Gerber & Söhne|Erweiterung um fünfzig Plätze|18.900,00|Angebot|>21|Bestand|John Martinez",
		"2036|Papierfabrik Lauenau|Verlängerung 2. Jahr|41.000,00|Verhandlung>Verloren|-20|Bestand|Priya Natarajan",
		"2063|Oststern Verpackung|Gruppe, drei Werke|330.000,00|Bedarf|>118|Enterprise|John Martinez",
		"2064|Drahtwerk Siebert|Leitstand und Meldungen|66.000,00|Validierung|>44|Mittelstand|Priya Natarajan",
	}},
	"en": {"Opportunity ID|Account Name|Opportunity Name|Amount|Stage|Close Date|Segment|Opportunity Owner", "EUR", []string{
		"2041|Nordwerk AG|Dispatching on Acme Cloud|184,000.00|Proposal>Negotiation|-2>12|Enterprise|John Martinez",
		"2044|Hansa Logistics|Route planning, two sites|96,500.00|Validation|35>49|Mid-market|John Martinez",
		"2047|Südstahl|Maintenance in the hot rolling mill|212,000.00|Needs>Proposal|60|Enterprise|John Martinez",
		"2029|Rheinwerk|Replacing the control room software|148,000.00|Negotiation>Closed Won|-12|Enterprise|John Martinez",
		"2052|Marbach Pumps|Disruption reports for service|38,400.00|Proposal|18>25>39|Mid-market|John Martinez",
		"2055|City Works Aurich|Shift planning for the grid|74,900.00|Needs|>82|Public|Priya Natarajan",
		"2058|Kranbau Nord|Trial in one plant|22,000.00|Validation|>30|Mid-market|John Martinez",
		"2059|Obermaier Precision|Reading machine data|57,250.00|Needs|>64|Mid-market|Priya Natarajan",
		"2061|Gerber & Sons|Fifty more seats|18,900.00|Proposal|>21|Existing|John Martinez",
		"2036|Lauenau Paper|Renewal, second year|41,000.00|Negotiation>Closed Lost|-20|Existing|Priya Natarajan",
		"2063|Oststern Packaging|Group, three plants|330,000.00|Needs|>118|Enterprise|John Martinez",
		"2064|Siebert Wire|Control room and reports|66,000.00|Validation|>44|Mid-market|Priya Natarajan",
	}},
}

// deals come as two lists from a CRM; some have a plan, some were checked, and
// some buyers hesitated.
func (d *director) deals() error {
	script := dealScripts[d.lang]
	for n, day := range []civil.Day{d.today - 34, d.today - 20, d.today - 6} {
		d.at(day, 8)
		r, err := deal.Read(script.list(n, d.today), deal.Settings{Currency: script.currency, Address: "https://acme.crm.example/opportunity/{id}", Whole: true}, true)
		if err != nil {
			return err
		}
		if _, err := d.s.TakeDeals(d.ctx, d.seller, &r); err != nil {
			return err
		}
	}
	rows, err := d.s.Deals(d.ctx, d.seller, app.DealQuery{Ended: true, Limit: app.MaxDeals})
	if err != nil {
		return err
	}
	ids := map[string]plan.ID{}
	for _, r := range rows {
		ids[r.CRM] = r.ID
	}
	free, err := d.s.FreePlans(d.ctx, d.seller, 50)
	if err != nil {
		return err
	}
	for _, p := range free {
		for _, r := range rows {
			if strings.HasPrefix(p.Buyer, strings.Fields(r.Account)[0]) && r.Plan == "" {
				if err := d.s.LinkDeal(d.ctx, d.seller, r.ID, p.Plan); err != nil {
					return err
				}
			}
		}
	}
	return d.asked(ids)
}

// asked: what was answered before plans were brought up, and how that went.
func (d *director) asked(ids map[string]plan.ID) error {
	check := func(day civil.Day, id string, answers ...readiness.Answer) func() error {
		return func() error {
			d.at(day, 10)
			a := readiness.Answers{}
			for i, q := range readiness.Questions() {
				a[q] = answers[i]
			}
			_, err := d.s.CheckReadiness(d.ctx, d.seller, ids[id], a)
			return err
		}
	}
	met := func(day civil.Day, id, moment string, o readiness.Objection, outcome readiness.Outcome) func() error {
		return func() error {
			d.at(day, 15)
			move := readiness.Move("")
			if o != "" {
				move = o.Move()
			}
			_, err := d.s.RecordResistance(d.ctx, d.seller, app.Resistance{Deal: ids[id], Moment: moment, Objection: string(o), Move: string(move), Outcome: string(outcome)})
			return err
		}
	}
	yes, partly, no := readiness.Yes, readiness.Partly, readiness.No
	return steps(
		check(d.today-31, "2041", yes, partly, yes, yes, no),
		check(d.today-26, "2041", yes, yes, yes, yes, yes),
		met(d.today-25, "2041", "introducing", "", readiness.Welcomed),
		check(d.today-12, "2044", yes, yes, partly, yes, partly),
		met(d.today-11, "2044", "introducing", readiness.Formal, readiness.Welcomed),
		check(d.today-9, "2047", yes, yes, yes, yes, yes),
		met(d.today-5, "2047", "introducing", readiness.Timeline, readiness.Hesitant),
		check(d.today-5, "2052", yes, yes, yes, yes, partly),
		check(d.today-4, "2058", yes, yes, no, no, yes),
		check(d.today-3, "2063", partly, no, no, yes, no),
	)
}

// list is the CRM's list as it was exported the nth time.
func (s dealScript) list(n int, today civil.Day) sheet.Grid {
	g := sheet.Grid{Rows: []sheet.Row{cells(1, strings.Split(s.header, "|"))}}
	for _, row := range s.rows {
		f := strings.Split(row, "|")
		days := then(f[5], n)
		if days == "" {
			continue
		}
		more, err := strconv.Atoi(days)
		if err != nil {
			continue
		}
		g.Rows = append(g.Rows, cells(len(g.Rows)+1, []string{f[0], f[1], f[2], f[3], then(f[4], n), (today + civil.Day(more)).String(), f[6], f[7]}))
	}
	return g
}

// then is a value as it was the nth time: the last one said.
func then(values string, n int) string {
	all := strings.Split(values, ">")
	return all[min(n, len(all)-1)]
}

func cells(number int, texts []string) sheet.Row {
	r := sheet.Row{Number: number}
	for _, t := range texts {
		r.Cells = append(r.Cells, sheet.Cell{Text: t})
	}
	return r
}
