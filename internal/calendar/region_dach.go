package calendar

import (
	"time"

	"tandem/internal/civil"
)

// Public holidays of Germany, Austria and Switzerland, from the holiday laws
// of federation and states; which cantonal days count follows the list of the
// Swiss Federal Office of Justice.

var (
	newYear      = names{"Neujahr", "New Year's Day"}
	epiphany     = names{"Heilige Drei Könige", "Epiphany"}
	womensDay    = names{"Internationaler Frauentag", "International Women's Day"}
	goodFriday   = names{"Karfreitag", "Good Friday"}
	easterSunday = names{"Ostersonntag", "Easter Sunday"}
	easterMonday = names{"Ostermontag", "Easter Monday"}
	labourDay    = names{"Tag der Arbeit", "Labour Day"}
	ascension    = names{"Christi Himmelfahrt", "Ascension Day"}
	whitSunday   = names{"Pfingstsonntag", "Whit Sunday"}
	whitMonday   = names{"Pfingstmontag", "Whit Monday"}
	corpus       = names{"Fronleichnam", "Corpus Christi"}
	assumption   = names{"Mariä Himmelfahrt", "Assumption Day"}
	reformation  = names{"Reformationstag", "Reformation Day"}
	allSaints    = names{"Allerheiligen", "All Saints' Day"}
	conception   = names{"Mariä Empfängnis", "Immaculate Conception"}
	christmasEve = names{"Heiliger Abend", "Christmas Eve"}
	christmas    = names{"Weihnachten", "Christmas Day"}
	secondDay    = names{"2. Weihnachtstag", "Second Day of Christmas"}
	nationalDay  = names{"Nationalfeiertag", "National Day"}
	victoryDay   = names{"Tag des Sieges 1945", "Victory in Europe Day"}
	armistice    = names{"Waffenstillstand 1918", "Armistice Day"}
)

var german = []region{
	{Region{"DE", "Deutschland (bundesweite Feiertage)", "Germany (national holidays)"}, "", []rule{
		on(newYear, time.January, 1), easter(goodFriday, -2), easter(easterMonday, 1),
		on(names{"Maifeiertag", "Labour Day"}, time.May, 1), easter(ascension, 39), easter(whitMonday, 50),
		on(names{"Tag der Deutschen Einheit", "German Unity Day"}, time.October, 3),
		only(reformation, 2017, time.October, 31), // 500 years
		on(names{"1. Weihnachtstag", "Christmas Day"}, time.December, 25), on(secondDay, time.December, 26)}},
	{Region{"DE-BW", "Baden-Württemberg", "Baden-Württemberg"}, "DE", []rule{
		on(epiphany, time.January, 6), easter(corpus, 60), on(allSaints, time.November, 1)}},
	{Region{"DE-BY", "Bayern", "Bavaria"}, "DE", []rule{
		on(epiphany, time.January, 6), easter(corpus, 60), on(allSaints, time.November, 1)}},
	{Region{"DE-BY+assumption", "Bayern, Gemeinden mit Mariä Himmelfahrt", "Bavaria, municipalities that keep Assumption Day"}, "DE-BY", []rule{
		on(assumption, time.August, 15)}},
	{Region{"DE-BY+augsburg", "Augsburg (Stadt)", "Augsburg (city)"}, "DE-BY+assumption", []rule{
		on(names{"Augsburger Friedensfest", "Augsburg Peace Festival"}, time.August, 8)}},
	{Region{"DE-BE", "Berlin", "Berlin"}, "DE", []rule{
		on(womensDay, time.March, 8).from(2019),
		only(names{"Tag der Befreiung (75. Jahrestag)", "Liberation Day (75th anniversary)"}, 2020, time.May, 8),
		only(names{"Tag der Befreiung (80. Jahrestag)", "Liberation Day (80th anniversary)"}, 2025, time.May, 8),
		only(names{"75-jähriges Jubiläum des Volksaufstands in der DDR", "75th anniversary of the 1953 uprising in the GDR"}, 2028, time.June, 17)}},
	{Region{"DE-BB", "Brandenburg", "Brandenburg"}, "DE", []rule{
		easter(easterSunday, 0), easter(whitSunday, 49), on(reformation, time.October, 31)}},
	{Region{"DE-HB", "Bremen", "Bremen"}, "DE", []rule{on(reformation, time.October, 31).from(2018)}},
	{Region{"DE-HH", "Hamburg", "Hamburg"}, "DE", []rule{on(reformation, time.October, 31).from(2018)}},
	{Region{"DE-HE", "Hessen", "Hesse"}, "DE", []rule{easter(corpus, 60)}},
	{Region{"DE-MV", "Mecklenburg-Vorpommern", "Mecklenburg-Western Pomerania"}, "DE", []rule{
		on(womensDay, time.March, 8).from(2023), on(reformation, time.October, 31)}},
	{Region{"DE-NI", "Niedersachsen", "Lower Saxony"}, "DE", []rule{on(reformation, time.October, 31).from(2018)}},
	{Region{"DE-NW", "Nordrhein-Westfalen", "North Rhine-Westphalia"}, "DE", []rule{
		easter(corpus, 60), on(allSaints, time.November, 1)}},
	{Region{"DE-RP", "Rheinland-Pfalz", "Rhineland-Palatinate"}, "DE", []rule{
		easter(corpus, 60), on(allSaints, time.November, 1)}},
	{Region{"DE-SL", "Saarland", "Saarland"}, "DE", []rule{
		easter(corpus, 60), on(assumption, time.August, 15), on(allSaints, time.November, 1)}},
	{Region{"DE-SN", "Sachsen", "Saxony"}, "DE", []rule{
		on(reformation, time.October, 31),
		{name: names{"Buß- und Bettag", "Day of Repentance and Prayer"}, when: repentance}}},
	{Region{"DE-SN+corpus-christi", "Sachsen, Gemeinden mit Fronleichnam", "Saxony, municipalities that keep Corpus Christi"}, "DE-SN", []rule{
		easter(corpus, 60)}},
	{Region{"DE-ST", "Sachsen-Anhalt", "Saxony-Anhalt"}, "DE", []rule{
		on(epiphany, time.January, 6), on(reformation, time.October, 31)}},
	{Region{"DE-SH", "Schleswig-Holstein", "Schleswig-Holstein"}, "DE", []rule{on(reformation, time.October, 31).from(2018)}},
	{Region{"DE-TH", "Thüringen", "Thuringia"}, "DE", []rule{
		on(names{"Weltkindertag", "World Children's Day"}, time.September, 20).from(2019),
		on(reformation, time.October, 31)}},
	{Region{"DE-TH+corpus-christi", "Thüringen, Gemeinden mit Fronleichnam", "Thuringia, municipalities that keep Corpus Christi"}, "DE-TH", []rule{
		easter(corpus, 60)}},
}

// repentance is the Wednesday before the last Sunday but one before Advent,
// which is the last Wednesday before 23 November.
func repentance(year int) civil.Day {
	return weekdayFrom(civil.Of(year, time.November, 16), time.Wednesday)
}

// austrian: the days of the Arbeitsruhegesetz are the same in all nine
// states. The days of the states' patron saints close schools and offices of
// the state but are no public holidays.
var austrian = []region{
	{Region{"AT", "Österreich", "Austria"}, "", []rule{
		on(newYear, time.January, 1), on(epiphany, time.January, 6), easter(easterMonday, 1),
		on(names{"Staatsfeiertag", "Labour Day"}, time.May, 1), easter(ascension, 39), easter(whitMonday, 50), easter(corpus, 60),
		on(assumption, time.August, 15), on(nationalDay, time.October, 26), on(allSaints, time.November, 1),
		on(conception, time.December, 8),
		on(names{"Christtag", "Christmas Day"}, time.December, 25), on(names{"Stefanitag", "St Stephen's Day"}, time.December, 26)}},
	{Region{"AT-1", "Burgenland", "Burgenland"}, "AT", nil},
	{Region{"AT-2", "Kärnten", "Carinthia"}, "AT", nil},
	{Region{"AT-3", "Niederösterreich", "Lower Austria"}, "AT", nil},
	{Region{"AT-4", "Oberösterreich", "Upper Austria"}, "AT", nil},
	{Region{"AT-5", "Salzburg", "Salzburg"}, "AT", nil},
	{Region{"AT-6", "Steiermark", "Styria"}, "AT", nil},
	{Region{"AT-7", "Tirol", "Tyrol"}, "AT", nil},
	{Region{"AT-8", "Vorarlberg", "Vorarlberg"}, "AT", nil},
	{Region{"AT-9", "Wien", "Vienna"}, "AT", nil},
}

// Days that several cantons share.
var (
	swissBerchtold  = on(names{"Berchtoldstag", "Berchtold's Day"}, time.January, 2)
	swissEpiphany   = on(epiphany, time.January, 6)
	swissJoseph     = on(names{"Josefstag", "St Joseph's Day"}, time.March, 19)
	swissGoodFriday = easter(goodFriday, -2)
	swissEaster     = easter(easterMonday, 1)
	swissLabour     = on(labourDay, time.May, 1)
	swissWhit       = easter(whitMonday, 50)
	swissCorpus     = easter(corpus, 60)
	swissAssumption = on(assumption, time.August, 15)
	swissFast       = nth(names{"Eidg. Dank-, Buss- und Bettag", "Federal Day of Thanksgiving"}, 3, time.Sunday, time.September)
	swissAllSaints  = on(allSaints, time.November, 1)
	swissConception = on(conception, time.December, 8)
	swissStephen    = on(names{"Stephanstag", "St Stephen's Day"}, time.December, 26)
)

// swissNation are the days that all cantons keep.
var swissNation = []rule{
	on(newYear, time.January, 1), easter(easterSunday, 0), easter(names{"Auffahrt", "Ascension Day"}, 39),
	easter(whitSunday, 49), on(names{"Bundesfeiertag", "Swiss National Day"}, time.August, 1),
	on(names{"Weihnachtstag", "Christmas Day"}, time.December, 25),
}

func canton(code, de, en string, rules ...rule) region {
	return region{Region{"CH-" + code, de, en}, "", append(append([]rule{}, swissNation...), rules...)}
}

var swiss = []region{
	{Region{"CH", "Schweiz (in den meisten Kantonen)", "Switzerland (kept in most cantons)"}, "", append(append([]rule{}, swissNation...),
		swissGoodFriday, swissEaster, swissWhit, swissFast, swissStephen)},
	canton("AG", "Aargau", "Aargau", swissBerchtold, swissGoodFriday, swissEaster, swissLabour, swissWhit, swissCorpus, swissAssumption, swissFast, swissAllSaints, swissConception, swissStephen),
	canton("AI", "Appenzell Innerrhoden", "Appenzell Inner Rhodes", swissGoodFriday, swissEaster, swissWhit, swissCorpus, swissAssumption, swissFast,
		on(names{"Mauritiustag", "St Maurice's Day"}, time.September, 22), swissAllSaints, swissConception, swissStephen.unless(time.Tuesday, time.Saturday)),
	canton("AR", "Appenzell Ausserrhoden", "Appenzell Outer Rhodes", swissGoodFriday, swissEaster, swissWhit, swissFast, swissStephen.unless(time.Tuesday, time.Saturday)),
	canton("BE", "Bern", "Bern", swissBerchtold, swissGoodFriday, swissEaster, swissWhit, swissFast, swissStephen),
	canton("BL", "Basel-Landschaft", "Basel-Landschaft", swissGoodFriday, swissEaster, swissLabour, swissWhit, swissFast, swissStephen),
	canton("BS", "Basel-Stadt", "Basel-Stadt", swissGoodFriday, swissEaster, swissLabour, swissWhit, swissFast, swissStephen),
	canton("FR", "Freiburg", "Fribourg", swissGoodFriday, swissCorpus, swissAssumption, swissFast, swissAllSaints, swissConception),
	canton("GE", "Genf", "Geneva", swissGoodFriday, swissEaster, swissWhit,
		rule{name: names{"Genfer Bettag", "Genevan Fast"}, when: genevanFast},
		on(names{"Wiederherstellung der Republik", "Restoration of the Republic"}, time.December, 31)),
	canton("GL", "Glarus", "Glarus", swissGoodFriday, swissEaster,
		rule{name: names{"Näfelser Fahrt", "Näfels Pilgrimage"}, when: naefels}, swissWhit, swissFast, swissAllSaints, swissStephen),
	canton("GR", "Graubünden", "Grisons", swissEaster, swissWhit, swissFast, swissStephen),
	canton("JU", "Jura", "Jura", swissBerchtold, swissGoodFriday, swissEaster, swissLabour, swissWhit, swissCorpus,
		on(names{"Fest der Unabhängigkeit", "Independence Day of Jura"}, time.June, 23), swissAssumption, swissFast, swissAllSaints),
	canton("LU", "Luzern", "Lucerne", swissGoodFriday, swissCorpus, swissAssumption, swissFast, swissAllSaints, swissConception, swissStephen),
	canton("NE", "Neuenburg", "Neuchâtel", on(names{"Jahrestag der Republik", "Republic Day of Neuchâtel"}, time.March, 1),
		swissGoodFriday, swissEaster, swissLabour, swissFast,
		rule{name: swissBerchtold.name, when: afterSunday(time.January, 1)}, rule{name: swissStephen.name, when: afterSunday(time.December, 25)}),
	canton("NW", "Nidwalden", "Nidwalden", swissJoseph, swissGoodFriday, swissCorpus, swissAssumption, swissFast, swissAllSaints, swissConception),
	canton("OW", "Obwalden", "Obwalden", swissGoodFriday, swissCorpus, swissAssumption, swissFast,
		on(names{"Bruderklausenfest", "St Nicholas of Flüe"}, time.September, 25), swissAllSaints, swissConception),
	canton("SG", "St. Gallen", "St. Gallen", swissGoodFriday, swissEaster, swissWhit, swissFast, swissAllSaints, swissStephen),
	canton("SH", "Schaffhausen", "Schaffhausen", swissGoodFriday, swissEaster, swissLabour, swissWhit, swissFast, swissStephen),
	canton("SO", "Solothurn", "Solothurn", swissGoodFriday, swissCorpus, swissAssumption, swissFast, swissAllSaints),
	canton("SZ", "Schwyz", "Schwyz", swissEpiphany, swissJoseph, swissGoodFriday, swissEaster, swissWhit, swissCorpus, swissAssumption, swissFast, swissAllSaints, swissConception, swissStephen),
	canton("TG", "Thurgau", "Thurgau", swissBerchtold, swissGoodFriday, swissEaster, swissLabour, swissWhit, swissFast, swissStephen),
	canton("TI", "Tessin", "Ticino", swissEpiphany, swissJoseph, swissEaster, swissLabour, swissWhit, swissCorpus,
		on(names{"Peter und Paul", "St Peter and St Paul"}, time.June, 29), swissAssumption, swissFast, swissAllSaints, swissConception, swissStephen),
	canton("UR", "Uri", "Uri", swissEpiphany, swissJoseph, swissGoodFriday, swissEaster, swissWhit, swissCorpus, swissAssumption, swissFast, swissAllSaints, swissConception, swissStephen),
	canton("VD", "Waadt", "Vaud", swissBerchtold, swissGoodFriday, swissEaster, swissWhit, swissFast,
		rule{name: names{"Bettagsmontag", "Federal Fast Monday"}, when: func(year int) civil.Day { return nthWeekday(year, 3, time.Sunday, time.September) + 1 }}),
	canton("VS", "Wallis", "Valais", swissJoseph, swissCorpus, swissAssumption, swissFast, swissAllSaints, swissConception),
	canton("ZG", "Zug", "Zug", swissGoodFriday, swissCorpus, swissAssumption, swissFast, swissAllSaints, swissConception),
	canton("ZH", "Zürich", "Zurich", swissGoodFriday, swissEaster, swissLabour, swissWhit, swissFast, swissStephen),
}

// genevanFast is the Thursday after the first Sunday of September.
func genevanFast(year int) civil.Day {
	return nthWeekday(year, 1, time.Sunday, time.September) + 4
}

// naefels is the first Thursday of April, a week later in Holy Week.
func naefels(year int) civil.Day {
	d := nthWeekday(year, 1, time.Thursday, time.April)
	if d == EasterSunday(year)-3 {
		return d + 7
	}
	return d
}

// afterSunday is the Monday after a date in years in which that is a Sunday.
func afterSunday(month time.Month, day int) func(int) civil.Day {
	return func(year int) civil.Day {
		if d := civil.Of(year, month, day); d.Weekday() == time.Sunday {
			return d + 1
		}
		return 0
	}
}
