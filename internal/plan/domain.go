package plan

import "slices"

// PublicDomain reports that everybody can have an address there: letting it in
// would let everybody in. The list holds what people in Europe and America use;
// a lead who types another one of the kind is warned by nothing but its name.
func PublicDomain(domain string) bool {
	_, found := slices.BinarySearch(publicDomains, domain)
	return found
}

var publicDomains = []string{
	"aim.com", "alice.it", "aol.com", "aol.de", "arcor.de", "bluewin.ch", "btinternet.com", "chello.at", "comcast.net",
	"email.de", "eclipso.de", "fastmail.com", "fastmail.fm", "free.fr", "freenet.de", "gmail.com", "gmx.at", "gmx.ch", "gmx.com",
	"gmx.de", "gmx.eu", "gmx.net", "gmx.org", "google.com", "googlemail.com", "hey.com", "hotmail.ch", "hotmail.co.uk", "hotmail.com",
	"hotmail.de", "hotmail.fr", "hotmail.it", "hushmail.com", "icloud.com", "kabelmail.de", "laposte.net", "libero.it", "live.at",
	"live.co.uk", "live.com", "live.de", "live.fr", "mac.com", "magenta.de", "mail.com", "mail.de", "mail.ru", "mailbox.org",
	"mailfence.com", "me.com", "msn.com", "netcologne.de", "o2online.de", "online.de", "onlinehome.de", "orange.fr", "outlook.at",
	"outlook.com", "outlook.de", "outlook.fr", "pm.me", "posteo.de", "posteo.net", "proton.me", "protonmail.ch", "protonmail.com",
	"rocketmail.com", "seznam.cz", "sfr.fr", "sunrise.ch", "t-online.de", "t-online.eu", "tuta.com", "tuta.io", "tutanota.com",
	"tutanota.de", "unitybox.de", "verizon.net", "versanet.de", "vodafone.de", "vodafonemail.de", "wanadoo.fr", "web.de", "wp.pl",
	"yahoo.ca", "yahoo.co.uk", "yahoo.com", "yahoo.de", "yahoo.es", "yahoo.fr", "yahoo.it", "yandex.com", "yandex.ru", "ymail.com",
	"zoho.com", "zohomail.eu",
}

func init() { slices.Sort(publicDomains) }
