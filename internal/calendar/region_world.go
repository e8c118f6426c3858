package calendar

import (
	"time"

	"tandem/internal/civil"
)

// Public holidays outside the German-speaking countries.

var (
	springHoliday = names{"Spring Bank Holiday (Feiertag im Frühjahr)", "Spring bank holiday"}
	summerHoliday = names{"Summer Bank Holiday (Feiertag im Sommer)", "Summer bank holiday"}
	mayHoliday    = names{"Early May Bank Holiday (Maifeiertag)", "Early May bank holiday"}
	boxingDay     = names{"Boxing Day (2. Weihnachtstag)", "Boxing Day"}
)

// Bank holidays of the United Kingdom, with the days that a royal
// proclamation moved or added.
var (
	lastMondayOfAugust = nth(summerHoliday, -1, time.Monday, time.August)
	ukEasterMonday     = easter(easterMonday, 1)
)

var british = []region{
	{Region{"GB", "Vereinigtes Königreich (landesweite Feiertage)", "United Kingdom (holidays of all parts)"}, "", []rule{
		on(newYear, time.January, 1).substituted(nextFree), easter(goodFriday, -2),
		nth(mayHoliday, 1, time.Monday, time.May).except(2020),
		only(names{"Early May Bank Holiday (VE Day)", "Early May bank holiday (VE Day)"}, 2020, time.May, 8),
		nth(springHoliday, -1, time.Monday, time.May).except(2002, 2012, 2022),
		only(springHoliday, 2002, time.June, 4), only(names{"Goldenes Thronjubiläum", "Golden Jubilee"}, 2002, time.June, 3),
		only(names{"Königliche Hochzeit", "Royal wedding"}, 2011, time.April, 29),
		only(springHoliday, 2012, time.June, 4), only(names{"Diamantenes Thronjubiläum", "Diamond Jubilee"}, 2012, time.June, 5),
		only(springHoliday, 2022, time.June, 2), only(names{"Platin-Thronjubiläum", "Platinum Jubilee"}, 2022, time.June, 3),
		only(names{"Staatsbegräbnis von Königin Elizabeth II.", "State funeral of Queen Elizabeth II"}, 2022, time.September, 19),
		only(names{"Krönung von König Charles III.", "Coronation of King Charles III"}, 2023, time.May, 8),
		on(christmas, time.December, 25).substituted(nextFree), on(boxingDay, time.December, 26).substituted(nextFree)}},
	{Region{"GB-ENG", "England", "England"}, "GB", []rule{ukEasterMonday, lastMondayOfAugust}},
	{Region{"GB-WLS", "Wales", "Wales"}, "GB", []rule{ukEasterMonday, lastMondayOfAugust}},
	{Region{"GB-SCT", "Schottland", "Scotland"}, "GB", []rule{
		on(names{"2. Januar", "2nd January"}, time.January, 2).substituted(nextFree),
		nth(summerHoliday, 1, time.Monday, time.August),
		only(names{"Feiertag zur Fußball-WM", "World Cup bank holiday"}, 2026, time.June, 15),
		on(names{"St Andrew's Day", "St Andrew's Day"}, time.November, 30).from(2007).substituted(nextFree)}},
	{Region{"GB-NIR", "Nordirland", "Northern Ireland"}, "GB", []rule{
		on(names{"St Patrick's Day", "St Patrick's Day"}, time.March, 17).substituted(nextFree),
		ukEasterMonday, lastMondayOfAugust,
		on(names{"Schlacht am Boyne", "Battle of the Boyne"}, time.July, 12).substituted(nextFree)}},
}

// american: federal holidays, 5 U.S.C. 6103. States add their own; none of
// those closes private business everywhere in the state.
var american = []region{
	{Region{"US", "Vereinigte Staaten (Bundesfeiertage)", "United States (federal holidays)"}, "", []rule{
		on(newYear, time.January, 1).substituted(nearest),
		nth(names{"Martin Luther King Jr. Day", "Martin Luther King Jr. Day"}, 3, time.Monday, time.January),
		nth(names{"Washington's Birthday", "Washington's Birthday"}, 3, time.Monday, time.February),
		nth(names{"Memorial Day", "Memorial Day"}, -1, time.Monday, time.May),
		on(names{"Juneteenth", "Juneteenth"}, time.June, 19).from(2021).substituted(nearest),
		on(names{"Unabhängigkeitstag", "Independence Day"}, time.July, 4).substituted(nearest),
		nth(names{"Tag der Arbeit", "Labor Day"}, 1, time.Monday, time.September),
		nth(names{"Columbus Day", "Columbus Day"}, 2, time.Monday, time.October),
		on(names{"Veterans Day", "Veterans Day"}, time.November, 11).substituted(nearest),
		nth(names{"Thanksgiving", "Thanksgiving Day"}, 4, time.Thursday, time.November),
		on(christmas, time.December, 25).substituted(nearest)}},
}

var european = []region{
	{Region{"FR", "Frankreich", "France"}, "", []rule{
		on(newYear, time.January, 1), easter(easterMonday, 1), on(labourDay, time.May, 1), on(victoryDay, time.May, 8),
		easter(ascension, 39), easter(whitMonday, 50), on(nationalDay, time.July, 14), on(assumption, time.August, 15),
		on(allSaints, time.November, 1), on(armistice, time.November, 11), on(christmas, time.December, 25)}},
	{Region{"FR-57", "Département Moselle", "Moselle"}, "FR", alsaceMoselle},
	{Region{"FR-67", "Département Bas-Rhin (Elsass)", "Bas-Rhin (Alsace)"}, "FR", alsaceMoselle},
	{Region{"FR-68", "Département Haut-Rhin (Elsass)", "Haut-Rhin (Alsace)"}, "FR", alsaceMoselle},
	{Region{"NL", "Niederlande", "Netherlands"}, "", []rule{
		on(newYear, time.January, 1), easter(easterSunday, 0), easter(easterMonday, 1),
		{name: names{"Königinnentag", "Queen's Day"}, when: notSunday(time.April, 30), until: 2013},
		{name: names{"Königstag", "King's Day"}, when: notSunday(time.April, 27), since: 2014},
		easter(ascension, 39), easter(whitSunday, 49), easter(whitMonday, 50),
		on(christmas, time.December, 25), on(secondDay, time.December, 26)}},
	{Region{"BE", "Belgien", "Belgium"}, "", []rule{
		on(newYear, time.January, 1), easter(easterMonday, 1), on(labourDay, time.May, 1), easter(ascension, 39),
		easter(whitMonday, 50), on(nationalDay, time.July, 21), on(assumption, time.August, 15),
		on(allSaints, time.November, 1), on(armistice, time.November, 11), on(christmas, time.December, 25)}},
	{Region{"LU", "Luxemburg", "Luxembourg"}, "", []rule{
		on(newYear, time.January, 1), easter(easterMonday, 1), on(labourDay, time.May, 1),
		on(names{"Europatag", "Europe Day"}, time.May, 9).from(2019), easter(ascension, 39), easter(whitMonday, 50),
		on(nationalDay, time.June, 23), on(assumption, time.August, 15), on(allSaints, time.November, 1),
		on(christmas, time.December, 25), on(secondDay, time.December, 26)}},
	{Region{"IT", "Italien", "Italy"}, "", italianDays},
	{Region{"IT-BZ", "Südtirol", "South Tyrol"}, "IT", []rule{easter(whitMonday, 50)}},
	{Region{"ES", "Spanien (landesweite Feiertage)", "Spain (national holidays)"}, "", []rule{
		on(newYear, time.January, 1), on(epiphany, time.January, 6), easter(goodFriday, -2), on(labourDay, time.May, 1),
		on(assumption, time.August, 15), on(nationalDay, time.October, 12), on(allSaints, time.November, 1),
		on(names{"Tag der Verfassung", "Constitution Day"}, time.December, 6), on(conception, time.December, 8),
		on(christmas, time.December, 25)}},
	{Region{"PL", "Polen", "Poland"}, "", []rule{
		on(newYear, time.January, 1), on(epiphany, time.January, 6).from(2011), easter(easterSunday, 0), easter(easterMonday, 1),
		on(labourDay, time.May, 1), on(names{"Tag der Verfassung", "Constitution Day"}, time.May, 3),
		easter(whitSunday, 49), easter(corpus, 60), on(assumption, time.August, 15), on(allSaints, time.November, 1),
		on(names{"Unabhängigkeitstag", "Independence Day"}, time.November, 11),
		only(names{"100 Jahre Unabhängigkeit", "Centenary of independence"}, 2018, time.November, 12),
		on(christmasEve, time.December, 24).from(2025), on(christmas, time.December, 25), on(secondDay, time.December, 26)}},
	{Region{"DK", "Dänemark", "Denmark"}, "", []rule{
		on(newYear, time.January, 1), easter(names{"Gründonnerstag", "Maundy Thursday"}, -3), easter(goodFriday, -2),
		easter(easterSunday, 0), easter(easterMonday, 1), easter(names{"Großer Gebetstag", "Great Prayer Day"}, 26).to(2023),
		easter(ascension, 39), easter(whitSunday, 49), easter(whitMonday, 50),
		on(christmas, time.December, 25), on(secondDay, time.December, 26)}},
	{Region{"SE", "Schweden", "Sweden"}, "", []rule{
		on(newYear, time.January, 1), on(epiphany, time.January, 6), easter(goodFriday, -2), easter(easterSunday, 0),
		easter(easterMonday, 1), on(labourDay, time.May, 1), easter(ascension, 39), easter(whitSunday, 49),
		easter(whitMonday, 50).to(2004), on(nationalDay, time.June, 6).from(2005),
		{name: names{"Mittsommer", "Midsummer Day"}, when: saturdayFrom(time.June, 20)},
		{name: allSaints, when: saturdayFrom(time.October, 31)},
		on(christmas, time.December, 25), on(secondDay, time.December, 26)}},
}

var alsaceMoselle = []rule{easter(goodFriday, -2), on(secondDay, time.December, 26)}

var italianDays = []rule{
	on(newYear, time.January, 1), on(epiphany, time.January, 6), easter(easterSunday, 0), easter(easterMonday, 1),
	on(names{"Tag der Befreiung", "Liberation Day"}, time.April, 25), on(labourDay, time.May, 1),
	on(names{"Tag der Republik", "Republic Day"}, time.June, 2).from(2001),
	only(names{"150 Jahre Einheit Italiens", "150 years of Italian unity"}, 2011, time.March, 17), on(assumption, time.August, 15),
	on(names{"Heiliger Franz von Assisi", "St Francis of Assisi"}, time.October, 4).from(2026),
	on(allSaints, time.November, 1), on(conception, time.December, 8),
	on(christmas, time.December, 25), on(secondDay, time.December, 26),
}

// notSunday is a date, or the Saturday before if it is a Sunday.
func notSunday(month time.Month, day int) func(int) civil.Day {
	return func(year int) civil.Day {
		d := civil.Of(year, month, day)
		if d.Weekday() == time.Sunday {
			d--
		}
		return d
	}
}

// saturdayFrom is the first Saturday on or after a date.
func saturdayFrom(month time.Month, day int) func(int) civil.Day {
	return func(year int) civil.Day { return weekdayFrom(civil.Of(year, month, day), time.Saturday) }
}
