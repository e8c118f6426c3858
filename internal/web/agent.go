package web

import "strings"

// What a browser says about itself, in the order in which the first match is
// right: most claim to be several.
var (
	browsers = []struct{ mark, name string }{
		{"Edg/", "Edge"}, {"EdgA/", "Edge"}, {"EdgiOS/", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser/", "Samsung Internet"}, {"Vivaldi/", "Vivaldi"},
		{"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"}, {"CriOS/", "Chrome"}, {"HeadlessChrome/", "Chrome"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"},
	}
	systems = []struct{ mark, name string }{
		{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"CrOS", "ChromeOS"}, {"Mac OS X", "macOS"}, {"Linux", "Linux"},
	}
)

// agent sums a User-Agent up in a few words that anybody may read: what else
// it says would only serve to tell people apart.
func agent(userAgent string) string {
	if len(userAgent) > 1024 {
		userAgent = userAgent[:1024]
	}
	var words []string
	for _, b := range browsers {
		if strings.Contains(userAgent, b.mark) {
			words = append(words, b.name)
			break
		}
	}
	for _, b := range systems {
		if strings.Contains(userAgent, b.mark) {
			words = append(words, b.name)
			break
		}
	}
	return strings.Join(words, ", ")
}
