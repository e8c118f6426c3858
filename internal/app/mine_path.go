package app

import (
	"net/url"

	"tandem/internal/plan"
)

// MinePath is where a letter's link leads: to the page on which its reader
// sees what they are asked for, with what the letter is about on top. With the
// secret of a personal link it can be opened, and acted on with one click, in
// a browser nobody has come in with yet; without one it takes a session.
// Opening it changes nothing either way.
func MinePath(l Letter, secret Secret) string { return minePath(l.Plan, l.Item, secret) }

func minePath(planID, item plan.ID, secret Secret) string {
	path := "/plans/" + url.PathEscape(string(planID)) + "/mine"
	if secret != "" {
		path = "/me/" + url.PathEscape(string(secret)) + "/mine"
	}
	if item != "" {
		path += "?item=" + url.QueryEscape(string(item))
	}
	return path
}
