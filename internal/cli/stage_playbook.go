package cli

import "tandem/internal/app"

// ownPage is a page that a team added to its playbook after it had learned
// something, in both languages.
var ownPage = map[string]app.PlaybookText{
	"de": {Language: "de", Title: "Was der Datenschutz von uns braucht", Lead: "Schicken Sie die fünf Unterlagen, bevor jemand danach fragt. Das hat uns bei Rheinwerk zwei Wochen gespart.",
		Markdown: "## Der Moment\n\nSobald feststeht, dass Personendaten verarbeitet werden; spätestens mit der technischen Prüfung.\n\n" +
			"## Was Sie sagen\n\n> „Ihre Datenschutzbeauftragte wird nach fünf Dingen fragen. Darf ich sie gleich mitschicken? Dann kann sie prüfen, ohne auf uns zu warten.“\n\n" +
			"## Was Sie in Tandem tun\n\n1. Einen Schritt für die Unterlagen anlegen, verantwortlich: Priya Natarajan.\n2. AVV, TOM, Liste der Unterauftragnehmer, Datenflussbild und Löschkonzept anhängen.\n3. Den Schritt der Prüfung davon abhängig machen.\n\n" +
			"## Was Sie lassen\n\n- Die Standardmappe mit 60 Seiten schicken.\n- „Das ist bei uns kein Thema“ sagen."},
	"en": {Language: "en", Title: "What data protection needs from us", Lead: "Send the five documents before anybody asks for them. At Rheinwerk it saved us two weeks.",
		Markdown: "## The moment\n\nAs soon as it is clear that personal data will be processed; at the latest with the technical review.\n\n" +
			"## What to say\n\n> “Your data protection officer will ask for five things. May I send them along now? Then she can review without waiting for us.”\n\n" +
			"## What to do in Tandem\n\n1. Create a step for the documents, owner: Priya Natarajan.\n2. Attach the data processing agreement, the security measures, the list of sub-processors, the data-flow diagram and the deletion policy.\n3. Make the review depend on it.\n\n" +
			"## What to avoid\n\n- Sending the standard folder of 60 pages.\n- Saying “that is not an issue with us”."},
}

// teaches writes that page, some weeks ago.
func (d *director) teaches() error {
	d.at(d.today-12, 16)
	first, second := ownPage["de"], ownPage["en"]
	if d.lang == "en" {
		first, second = second, first
	}
	page, err := d.s.AddPlaybook(d.ctx, d.seller, first)
	if err != nil {
		return err
	}
	second.Page = page
	return d.s.WritePlaybook(d.ctx, d.seller, second)
}
