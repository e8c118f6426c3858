package deal

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// Field is what a column of a list holds.
type Field string

// The fields. A column that is none of them is left out.
const (
	None     Field = ""
	ID       Field = "id"
	URL      Field = "url"
	Name     Field = "name"
	Account  Field = "account"
	Value    Field = "amount"
	Currency Field = "currency"
	Stage    Field = "stage"
	Close    Field = "close"
	Segment  Field = "segment"
	Owner    Field = "owner"
	Mail     Field = "mail" // of the owner
)

// Fields lists what a person may choose for a column.
func Fields() []Field {
	return []Field{ID, Name, Account, Value, Currency, Stage, Close, Segment, Owner, Mail, URL}
}

// synonyms are the folded headers under which CRMs export a field, in German
// and English: Salesforce, HubSpot, Dynamics 365, Pipedrive, and lists people
// keep by hand. The better name comes first.
var synonyms = map[Field][]string{
	ID: split("opportunity id,opportunity id 18,opportunity id 18 char,opportunity id case safe,18 digit id,case safe id,record id,deal id,id,do not modify opportunity,opportunity number," +
		"opportunity nr,opportunitynummer,opportunity nummer,verkaufschance id,verkaufschancen id,nicht aendern verkaufschance,nicht bearbeiten verkaufschance,verkaufschancennummer,datensatz id,datensatz nr,deal record id," +
		"opportunity kennung,chancen id,chance id,crm id,vorgangsnummer,hs object id,objekt id,object id,geschaefts id"),
	URL: split("url,link,opportunity url,opportunity link,deal url,deal link,crm link,crm url,web address,webadresse,adresse im crm,record url"),
	Name: split("opportunity name,deal name,name der opportunity,opportunity,opportunitaet,deal titel,deal title,verkaufschance,verkaufschance name,name der verkaufschance,deal,dealname," +
		"topic,thema,chance,bezeichnung,titel,title,geschaeft,name,projekt,project,betreff"),
	Account: split("account name,account,accountname,kunde,firma,unternehmen,company name,company,associated company,associated company primary,zugehoeriges unternehmen,zugeordnetes unternehmen," +
		"associated company names,potential customer,potenzieller kunde,organisation,organization,organisationsname,deal organisation,deal organization,deal organisationsname,customer,kundenname,customer name,konto,interessent,firmenname,name des accounts"),
	Value: split("amount,betrag,deal amount,deal betrag,deal wert,deal value,wert,value,volumen,umsatz,est revenue,estimated revenue,geschaetzter umsatz,gesch umsatz,voraussichtlicher umsatz,erwarteter umsatz," +
		"auftragswert,auftragsvolumen,opportunity amount,summe,total value,acv,tcv,arr,amount in company currency,betrag in unternehmenswaehrung,umsatz netto,preis"),
	Currency: split("currency,waehrung,opportunity currency,amount currency,betrag waehrung,currency code,waehrungscode,deal currency,deal waehrung,iso code der waehrung,currency iso code"),
	Stage:    split("stage,phase,deal stage,deal phase,stage name,opportunity stage,verkaufsphase,vertriebsphase,dealphase,status,pipeline stage,pipeline phase,pipelinephase,pipeline stufe,verkaufsstufe,sales stage,stufe,stadium,deal stufe,deal status"),
	Close: split("close date,closing date,schlusstermin,abschlussdatum,abschlusstermin,deal close date,expected close date,deal expected close date,erwartetes abschlussdatum,deal erwartetes abschlussdatum,voraussichtliches abschlussdatum,geplanter abschluss," +
		"est close date,estimated close date,gesch abschlussdatum,geschaetztes abschlussdatum,abschluss,abschluss am,abschluss bis,voraussichtlicher abschluss,erwarteter abschluss,closedate,entscheidung bis,termin,closing,close,deal expected close"),
	Segment: split("segment,kundensegment,market segment,marktsegment,size,unternehmensgroesse,account segment,kundengruppe,branche,industry,customer segment,groesse"),
	Owner: split("opportunity owner,owner,owner name,deal owner,opportunity inhaber,inhaber der opportunity,inhaber,zustaendiger mitarbeiter,deal zustaendiger mitarbeiter,zustaendig,verantwortlich,besitzer,deal besitzer,deal inhaber,verkaeufer,sales rep,account executive," +
		"betreuer,assigned to,zugewiesen an,zustaendiger,zustaendige person,ansprechpartner intern,vertriebsmitarbeiter,bearbeiter,eigentuemer,deal eigentuemer,opportunity besitzer"),
	Mail: split("owner email,owner e mail,opportunity owner email,deal owner email,e mail des inhabers,inhaber e mail,inhaber email,email des inhabers,e mail inhaber,e mail zustaendig,besitzer e mail,e mail,email,owner mail,e mail verantwortlich"),
}

func split(names string) []string { return strings.Split(names, ",") }

// Guess finds what each column holds by its header; None where it says
// nothing. No field is given twice: the better name gets it, and of the same
// the first.
func Guess(headers []string) []Field {
	type match struct {
		column, rank int
		field        Field
	}
	var all []match
	for c, h := range headers {
		f := fold(bare(h))
		if f == "" {
			continue
		}
		for _, field := range Fields() {
			if r := slices.Index(synonyms[field], f); r >= 0 {
				all = append(all, match{c, r, field})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b match) int { return a.rank - b.rank })
	out := make([]Field, len(headers))
	taken := map[Field]bool{}
	for _, m := range all {
		if out[m.column] == None && !taken[m.field] {
			out[m.column], taken[m.field] = m.field, true
		}
	}
	return out
}

// bare is a header without a currency in it: "Betrag (EUR)", "Amount in USD".
// A hyphen between words as in Pipedrive's "Deal - ID" folds away by itself.
func bare(header string) string {
	code, rest := currencyIn(header)
	if code == "" {
		return header
	}
	rest = strings.TrimSpace(rest)
	for _, in := range []string{" in", "(", "["} {
		rest = strings.TrimSpace(strings.TrimSuffix(rest, in))
	}
	return rest
}

// Signature names a set of headers, in any order: in hex, SHA-256 of them.
func Signature(headers []string) string {
	var folded []string
	for _, h := range headers {
		if f := fold(h); f != "" {
			folded = append(folded, f)
		}
	}
	slices.Sort(folded)
	sum := sha256.Sum256([]byte(strings.Join(folded, "\n")))
	return hex.EncodeToString(sum[:])
}
